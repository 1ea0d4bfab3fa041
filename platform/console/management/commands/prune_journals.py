"""`manage.py prune_journals`: take away the lines of who opened which card that towns have kept long enough."""

from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from aid.privacy import retention
from aid.privacy.models import Access
from aid.privacy.retained import ACCESSES
from tenants import walls
from tenants.context import PLATFORM, facing
from tenants.management.output import TownCommand
from tenants.models import Town


class Command(TownCommand):
    """Prune. A town's own role may not: its journal is only ever added to."""

    help = "Efface, ville par ville, les lignes du journal des accès gardées assez longtemps. À lancer chaque nuit."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for every town, and say how many lines went."""
        pruned = {}
        try:
            with walls.provisioning(), facing(PLATFORM):
                for town in list(Town.objects.with_schema().order_by("pk")):
                    with facing(town):
                        pruned[town.name] = prune()
        except walls.NotProvisioningError as error:
            raise CommandError(str(error)) from error
        lines = [f"{name} : {count} lignes" for name, count in pruned.items() if count]
        self.answer(pruned, lines or ["Rien n’était assez ancien."], as_json=options["json"])


def prune() -> int:
    """Take away the old lines of the town that the connection faces, in small batches; answer how many."""
    done = 0
    while True:
        with transaction.atomic():
            old = Access.objects.filter(at__lt=retention.limit_of(ACCESSES)).order_by("pk")
            numbers = list(old.values_list("pk", flat=True)[: retention.BATCH])
            if not numbers:
                return done
            Access.objects.filter(pk__in=numbers).delete()
            retention.count(ACCESSES, len(numbers))
        done += len(numbers)
