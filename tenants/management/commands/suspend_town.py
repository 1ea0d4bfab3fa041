"""`manage.py suspend_town`: a quiet page with the town's telephone, until it is opened again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.context import platform_context
from tenants.enums import TownState
from tenants.lifecycle import TransitionError, change_state
from tenants.management.output import TownCommand


class Command(TownCommand):
    """Suspend a town, or open it again."""

    help = "Suspend une ville : son site montre une page calme avec son téléphone. --end la rouvre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which town, and which way."""
        super().add_arguments(parser)
        parser.add_argument("town", help="son sous-domaine")
        parser.add_argument("--end", action="store_true", help="met fin à la suspension")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change its state, or say why not."""
        with platform_context():
            town = self.find(options["town"])
            try:
                town = change_state(town, "open" if options["end"] else "suspend")
            except TransitionError as error:
                raise CommandError(str(error)) from error
        self.answer(
            {"name": town.name, "state": town.state},
            [f"{town.name} est {TownState(town.state).label}."],
            as_json=options["json"],
        )
