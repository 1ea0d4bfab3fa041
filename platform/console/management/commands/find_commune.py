"""`manage.py find_commune TEXT`: the codes that `open_town` asks for."""

from argparse import ArgumentParser
from typing import Any

from geography.services import search_communes, search_intercommunalities
from tenants.context import platform_context
from tenants.management.output import TownCommand


class Command(TownCommand):
    """Search communes and intercommunalities."""

    help = "Cherche une commune ou une intercommunalité, par son nom, son code postal ou son code INSEE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to look for."""
        super().add_arguments(parser)
        parser.add_argument("text", help="par exemple « morlaix », « 29600 » ou « pays de mormal »")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line each, the code first."""
        with platform_context():
            communes = [
                {"code": one.code, "name": one.name, "department": one.department.name, "population": one.population}
                for one in search_communes(options["text"])
            ]
            groups = [
                {"siren": one.siren, "name": one.name, "population": one.population}
                for one in search_intercommunalities(options["text"])
            ]
        lines = [f"--commune {one['code']}   {one['name']} ({one['department']})" for one in communes]
        lines += [f"--epci {one['siren']}   {one['name']}" for one in groups]
        self.answer(
            {"communes": communes, "intercommunalities": groups},
            lines or [f"Rien ne ressemble à « {options['text']} »."],
            as_json=options["json"],
        )
