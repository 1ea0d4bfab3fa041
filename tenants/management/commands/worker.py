"""`manage.py worker`: run queued jobs until told to stop."""

import asyncio
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from core.memory import keep_what_is_loaded
from tenants.jobs import PROVISIONING, STALLED_AFTER
from tenants.walls import role


class Command(BaseCommand):
    """Work for all towns, one after the other."""

    help = "Exécute les tâches en attente de toutes les villes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how many at once, and whether to stop when the queue is empty."""
        parser.add_argument("--concurrency", type=int, default=2, help="nombre de tâches à la fois")
        parser.add_argument(
            "--provisioning", action="store_true", help="n’exécute que ce qui ouvre des villes (DATABASE_ADMIN_URL)"
        )
        parser.add_argument("--once", action="store_true", help="s’arrête quand la file est vide")

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:
        """Check the database too: no job runs behind a wall that is down."""
        return {**super().get_check_kwargs(options), "databases": [DEFAULT_DB_ALIAS]}

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until interrupted."""
        if not options["once"]:
            keep_what_is_loaded()
        queues = [PROVISIONING] if options["provisioning"] else queues_of_this_process()
        asyncio.run(work(concurrency=options["concurrency"], wait=not options["once"], queues=queues))


def queues_of_this_process() -> list[str] | None:
    """All of them where this process may open towns; else all but that one, which it would only fail."""
    if settings.PROVISIONING_DATABASE is not None:
        return None
    return sorted({task.queue for task in app.tasks.values()} - {PROVISIONING})


async def work(*, concurrency: int, wait: bool, queues: Sequence[str] | None = None) -> None:
    """Run jobs as the platform's role: the login alone can do nothing, and the queue takes it at connection."""
    parameters = connector_params(connection.alias) | {"options": f"-c role={role('public')} -c search_path=public"}
    with app.replace_connector(PsycopgConnector(kwargs=parameters)) as working:
        async with working.open_async():
            await working.run_worker_async(
                queues=queues,
                concurrency=concurrency,
                wait=wait,
                install_signal_handlers=wait,
                # A worker that starts forgets those that it takes for dead: as late as their jobs are given back.
                stalled_worker_timeout=STALLED_AFTER,
            )
