"""`manage.py verify_invoices`: whether what was issued is whole, unchanged and in order."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.models import Invoice
from billing.verifying import verify
from tenants.context import platform_context


class Command(BaseCommand):
    """Walk every series; fail at the first broken link, which is named."""

    help = "Vérifie la suite des numéros et les empreintes de toutes les factures."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many documents were read, or each link that does not hold."""
        with platform_context():
            broken = list(verify())
            count = Invoice.objects.count()
        if broken:
            raise CommandError("\n".join(f"{one.number} : {one.why}." for one in broken))
        self.stdout.write(f"{count} document{'s' if count > 1 else ''}, rien à signaler.")
