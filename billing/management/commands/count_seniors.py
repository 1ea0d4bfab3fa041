"""`manage.py count_seniors --year 2027 [--dry-run]`: what each town's invoice of a year will be reckoned from."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.yearly_counts import Counted, count_and_show, to_count
from core.french import day_words, grouped
from tenants.context import platform_context


class Command(BaseCommand):
    """Count the seniors of every contract whose period starts in a year, and show each town its own count."""

    help = "Compte les seniors de chaque contrat pour une année, et montre son comptage à chaque collectivité."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the year, whether anything is written, and who asks."""
        parser.add_argument("--year", type=int, required=True, help="l’année, par exemple 2027")
        parser.add_argument("--dry-run", action="store_true", help="montrer, sans rien compter")
        parser.add_argument("--by", default="manage.py count_seniors", help="qui le demande")

    def handle(self, *, year: int, dry_run: bool, by: str, **options: Any) -> None:
        """Print a line for each contract; fail where some could not be counted."""
        if dry_run:
            with platform_context():
                for one in to_count(year):
                    self.stdout.write(f"{one.contract.buyer.name} : à compter au {day_words(one.as_of)}")
            return
        refused = []

        def report(done: Counted) -> None:
            if done.snapshot is None:
                refused.append(done)
            said = f"{grouped(done.snapshot.total)} seniors, montré à la collectivité" if done.snapshot else done.why
            self.stdout.write(f"{done.contract.buyer.name} : {said}")

        count_and_show(year, today=timezone.localdate(), by=by, report=report)
        if refused:
            raise CommandError(f"Contrats sans comptage : {len(refused)}. Les motifs sont ci-dessus.")
