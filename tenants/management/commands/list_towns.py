"""`manage.py list_towns`: the towns of this platform."""

from typing import Any

from tenants.context import platform_context
from tenants.listing import list_towns
from tenants.management.output import TownCommand


class Command(TownCommand):
    """List the towns."""

    help = "Donne les villes, leur adresse et leur état."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a town, in the order of their names."""
        with platform_context():
            listed = list_towns()
        towns = [
            {
                "name": town.name,
                "state": town.state,
                "kind": town.kind,
                "blueprint": town.blueprint,
                "address": town.address,
                "communes": town.communes,
                "schema": town.schema,
            }
            for town in listed
        ]
        lines = [f"{town.name} — {town.state.label} — {town.communes} commune(s) — {town.address}" for town in listed]
        self.answer({"towns": towns}, lines or ["Aucune ville n’est ouverte."], as_json=options["json"])
