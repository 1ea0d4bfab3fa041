"""`manage.py migrate_towns`: what a deploy runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.fleet.deploying import migrate_fleet
from tenants.management.output import TownCommand


class Command(TownCommand):
    """Bring templates and towns to the code's migrations."""

    help = "Applique aux modèles et aux villes les migrations qui leur manquent. Peut être interrompue et relancée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many at once."""
        super().add_arguments(parser)
        parser.add_argument("--workers", type=int, default=2, help="nombre de villes à la fois")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then tell; exit with an error if a town failed."""
        outcome = migrate_fleet(self.progress(options["json"]), workers=options["workers"])
        self.answer(
            {
                "migrated": len(outcome.migrated),
                "unchanged": len(outcome.unchanged),
                "failed": outcome.failed,
            },
            [f"{len(outcome.migrated)} ville(s) migrée(s), {len(outcome.unchanged)} déjà à jour."],
            as_json=options["json"],
        )
        if outcome.failed:
            raise CommandError(f"{len(outcome.failed)} ville(s) en échec : {', '.join(sorted(outcome.failed))}.")
