"""`manage.py build_blueprints`: the templates from which towns are opened."""

from argparse import ArgumentParser
from typing import Any

from tenants.management.output import TownCommand
from tenants.templates import build_blueprints


class Command(TownCommand):
    """Build the templates whose blueprint changed."""

    help = "Construit les modèles qui ont changé depuis la dernière fois."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All of them, if asked."""
        super().add_arguments(parser)
        parser.add_argument("--force", action="store_true", help="construit aussi ceux qui n’ont pas changé")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build them."""
        built = build_blueprints(self.progress(options["json"]), force=options["force"])
        lines = [f"Construits : {', '.join(built)}." if built else "Tous les modèles sont à jour."]
        self.answer({"built": built}, lines, as_json=options["json"])
