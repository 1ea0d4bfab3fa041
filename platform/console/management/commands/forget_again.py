"""`manage.py forget_again`: after a restore, forget once more who was forgotten since that backup was taken."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from aid.people.models import Person
from aid.privacy.forgetting import StandsInTheWayError, forget
from aid.privacy.models import Forgotten
from tenants.context import platform_context, town_context
from tenants.management.output import TownCommand


class Command(TownCommand):
    """Replay forgettings from one town in the one that was restored from a backup of it."""

    help = (
        "Après une restauration : oublie à nouveau, dans la ville restaurée, ceux que la ville d’aujourd’hui a oubliés."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The town of today, and the restored one."""
        super().add_arguments(parser)
        parser.add_argument("--from", dest="today", required=True, metavar="VILLE", help="la ville d’aujourd’hui")
        parser.add_argument("--in", dest="restored", required=True, metavar="VILLE", help="la ville restaurée")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say who a human must see to first: how many, never who."""
        with platform_context():
            today, restored = self.find(options["today"]), self.find(options["restored"])
        with town_context(today):
            numbers = list(Forgotten.objects.order_by("number").values_list("number", flat=True))
        done = still = 0
        with town_context(restored):
            persons = list(Person.objects.filter(pk__in=numbers).order_by("pk"))
            for person in persons:
                try:
                    with transaction.atomic():
                        forget(person)
                    done += 1
                except StandsInTheWayError:
                    still += 1
        lines = [f"{done} personnes oubliées à nouveau."]
        if still:
            lines.append(
                f"{still} ont encore une demande ou un rendez-vous : terminez-les au bureau, puis recommencez."
            )
        self.answer({"forgotten": done, "in_the_way": still}, lines, as_json=options["json"])
