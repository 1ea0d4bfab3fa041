"""`manage.py bill --year 2027 [--dry-run]`: the invoices of every period that starts in a year."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.enums import PriceBasis
from billing.models import RunItem, Seller
from billing.money import ZERO, euros
from billing.yearly import Planned, plan, run
from tenants.context import platform_context


class Command(BaseCommand):
    """Say what every town owes and why it moved; then, without --dry-run, issue. Interrupted, it goes on when asked
    again."""

    help = "Établit les factures de toutes les périodes qui commencent dans une année."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the year, whether anything is written, and who asks."""
        parser.add_argument("--year", type=int, required=True, help="l’année, par exemple 2027")
        parser.add_argument("--dry-run", action="store_true", help="montrer, sans rien émettre")
        parser.add_argument("--on", type=datetime.date.fromisoformat, help="date des factures (aujourd’hui)")
        parser.add_argument("--by", default="manage.py bill", help="qui le demande")

    def handle(self, *, year: int, dry_run: bool, on: datetime.date | None, by: str, **options: Any) -> None:
        """Print a line for each contract; fail where some could not be issued."""
        with platform_context():
            planned = list(plan(year))
            seller = Seller.objects.order_by("pk").last()
        for one in planned:
            self.stdout.write(line_of(one))
        total = sum((one.amount for one in planned if one.amount is not None), ZERO)
        self.stdout.write(f"{len(planned)} contrats, {euros(total)}.")
        if dry_run:
            return
        if seller is None:
            raise CommandError("Aucun vendeur n’est enregistré : personne ne peut facturer.")
        self._issue(year, seller, on=on or timezone.localdate(), by=by, expected=len(planned))

    def _issue(self, year: int, seller: Seller, *, on: datetime.date, by: str, expected: int) -> None:
        refused: list[RunItem] = []
        count = 0

        def report(item: RunItem) -> None:
            nonlocal count
            count += 1
            if item.invoice is None:
                refused.append(item)
            self.stdout.write(f"[{count}/{expected}] {item.invoice or item.words}")

        run(year, seller, on=on, by=by, report=report)
        if refused:
            plural = "contrats restent" if len(refused) > 1 else "contrat reste"
            raise CommandError(f"{len(refused)} {plural} à facturer : les motifs sont ci-dessus.")


def line_of(one: Planned) -> str:
    """« CCAS de Creil : 1 200,00 € HT (1 000,00 € avant) : 640 → 1 200 seniors »."""
    basis = "TTC" if one.contract.price_basis == PriceBasis.GROSS else "HT"
    said = f"{euros(one.amount)} {basis}" if one.amount is not None else "—"
    before = f" ({euros(one.before)} avant)" if one.before is not None else ""
    why = " ; ".join(filter(None, [one.number and f"déjà facturé, {one.number}", one.moved, one.missing]))
    return f"{one.contract.buyer.name} : {said}{before}{' : ' if why else ''}{why}"
