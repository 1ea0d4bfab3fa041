"""`manage.py prune_journals`: take away the lines of journals that towns have kept long enough."""

from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from aid.privacy import retention
from core.models import AppendOnly
from tenants import walls
from tenants.context import PLATFORM, facing
from tenants.management.output import TownCommand
from tenants.models import Town


class Command(TownCommand):
    """Prune. A town's own role may not: its journals are only ever added to."""

    help = "Efface, ville par ville, les lignes des journaux gardées assez longtemps. À lancer chaque nuit."

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
    """Take away the old lines of the town that the connection faces, journal by journal; answer how many."""
    return sum(_prune(one, one.journal) for one in retention.declared() if one.journal is not None)


def _prune(kept: retention.Retention, journal: type[AppendOnly]) -> int:
    """The same of one journal, in small batches."""
    done = 0
    while True:
        with transaction.atomic():
            old = journal.objects.filter(at__lt=retention.limit_of(kept.key)).order_by("pk")
            numbers = list(old.values_list("pk", flat=True)[: retention.BATCH])
            if not numbers:
                return done
            journal.objects.filter(pk__in=numbers).delete()
            retention.count(kept.key, len(numbers))
        done += len(numbers)
