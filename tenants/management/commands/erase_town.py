"""`manage.py erase_town`: nothing is left of a town."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants import walls
from tenants.lifecycle import erase_town
from tenants.management.output import TownCommand


class Command(TownCommand):
    """Erase a town: schema, role, files, domains."""

    help = "Efface une ville et toutes ses données. Sans retour possible, sinon par une sauvegarde."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which town; its name typed again is the proof that it is meant."""
        super().add_arguments(parser)
        parser.add_argument("town", help="son sous-domaine")
        parser.add_argument("--confirm", required=True, metavar="NOM", help="le nom de la ville, tel qu’affiché")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase it, if it is meant."""
        with walls.provisioning():
            town = self.find(options["town"])
            if options["confirm"] != town.name:
                raise CommandError(f"Rien n’est effacé : --confirm doit être exactement « {town.name} ».")
            erase_town(town)
        self.answer({"erased": town.name}, [f"{town.name} est effacée."], as_json=options["json"])
