"""`manage.py bill --year 2027 [--dry-run]`: the invoices of every period that starts in a year."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
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
        parser.add_argument("--seller", type=int, help="le numéro de qui vend, s’ils sont plusieurs")
        parser.add_argument("--by", default="manage.py bill", help="qui le demande")

    def handle(
        self, *, year: int, dry_run: bool, on: datetime.date | None, seller: int | None, by: str, **options: Any
    ) -> None:
        """Print a line for each contract; fail where some could not be issued."""
        today = timezone.localdate()
        if on is not None and on > today:
            raise CommandError("Une facture n’est pas datée d’un jour à venir.")
        with platform_context():
            planned = list(plan(year))
        for one in planned:
            self.stdout.write(line_of(one))
        self.stdout.write(f"Contrats : {len(planned)}. Dû : {total_of(planned)}.")
        if not dry_run:
            expected = sum(not one.number for one in planned)
            self._issue(year, _seller(seller), on=on or today, by=by, expected=expected)

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
            raise CommandError(f"Contrats encore à facturer : {len(refused)}. Les motifs sont ci-dessus.")


def _seller(number: int | None) -> Seller:
    """Who sells: told by its number, or the only one."""
    with platform_context():
        found = {one.pk: one for one in Seller.objects.order_by("pk")}
    if not found:
        raise CommandError("Aucun vendeur n’est enregistré : personne ne peut facturer.")
    if number is None and len(found) == 1:
        return next(iter(found.values()))
    if number not in found:
        known = ", ".join(f"{pk} ({one.name})" for pk, one in found.items())
        raise CommandError(f"Dites qui vend, par « --seller » : {known}.")
    return found[number]


def total_of(planned: Iterable[Planned]) -> str:
    """« 4 200,00 € HT, 1 200,00 € TTC »: prices agreed with their tax are no sum with the others."""
    totals: dict[str, Decimal] = {}
    for one in planned:
        if one.amount is not None:
            totals[_basis(one)] = totals.get(_basis(one), ZERO) + one.amount
    return ", ".join(f"{euros(total)} {basis}" for basis, total in sorted(totals.items())) or "rien"


def line_of(one: Planned) -> str:
    """« CCAS de Creil : 1 200,00 € HT (1 000,00 € avant) : 640 → 1 200 seniors »."""
    said = f"{euros(one.amount)} {_basis(one)}" if one.amount is not None else "—"
    before = f" ({euros(one.before)} avant)" if one.before is not None else ""
    why = " ; ".join(filter(None, [one.number and f"déjà facturé, {one.number}", one.moved, one.missing]))
    return f"{one.contract.buyer.name} : {said}{before}{' : ' if why else ''}{why}"


def _basis(one: Planned) -> str:
    return "TTC" if one.contract.price_basis == PriceBasis.GROSS else "HT"
