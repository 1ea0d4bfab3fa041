"""`manage.py worker`: run queued jobs until told to stop."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from core.memory import keep_what_is_loaded
from tenants.jobs import STALLED_AFTER
from tenants.walls import role


class Command(BaseCommand):
    """Work for all towns, one after the other."""

    help = "Exécute les tâches en attente de toutes les villes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how many at once, and whether to stop when the queue is empty."""
        parser.add_argument("--concurrency", type=int, default=2, help="nombre de tâches à la fois")
        parser.add_argument("--once", action="store_true", help="s’arrête quand la file est vide")

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:
        """Check the database too: no job runs behind a wall that is down."""
        return {**super().get_check_kwargs(options), "databases": [DEFAULT_DB_ALIAS]}

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until interrupted."""
        if not options["once"]:
            keep_what_is_loaded()
        asyncio.run(work(concurrency=options["concurrency"], wait=not options["once"]))


async def work(*, concurrency: int, wait: bool) -> None:
    """Run jobs as the platform's role: the login alone can do nothing, and the queue takes it at connection."""
    parameters = connector_params(connection.alias) | {"options": f"-c role={role('public')} -c search_path=public"}
    with app.replace_connector(PsycopgConnector(kwargs=parameters)) as working:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                install_signal_handlers=wait,
                # A worker that starts forgets those that it takes for dead: as late as their jobs are given back.
                stalled_worker_timeout=STALLED_AFTER,
            )
