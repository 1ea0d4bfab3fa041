"""`manage.py rotate_keys`: after another master key, or for other keys of towns."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from aid.vault import services
from core.sealing import SealError
from tenants.context import platform_context, town_context
from tenants.management.output import TownCommand
from tenants.models import Town


class Command(TownCommand):
    """Wrap every town's keys by the master key in use; with --towns, change those keys too."""

    help = (
        "Enveloppe les clés des villes avec PALIER_MASTER_KEY ; avec --towns, les change et scelle de nouveau leurs "
        "textes. Peut être interrompue et relancée."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which keys to change."""
        super().add_arguments(parser)
        parser.add_argument("--towns", action="store_true", help="change aussi la clé de chaque ville")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the towns; one that cannot be opened is told, and the others are done."""
        report, failed = self.progress(options["json"]), []
        wrapped = sealed = 0
        with platform_context():
            towns = list(Town.objects.with_schema().order_by("pk"))
        for town in towns:
            try:
                with town_context(town):
                    wrapped += services.rewrap()
                if options["towns"]:
                    sealed += _change(town)
            except SealError as error:
                failed.append(town.schema_name)
                report(f"{town.name} : {error}")
        self.answer(
            {"towns": len(towns), "wrapped": wrapped, "sealed": sealed, "failed": failed},
            [f"{len(towns)} ville(s) : {wrapped} clé(s) enveloppée(s), {sealed} texte(s) scellé(s) de nouveau."],
            as_json=options["json"],
        )
        if failed:
            raise CommandError(f"{len(failed)} ville(s) en échec. Gardez l’ancienne clé, et recommencez.")


def _change(town: Town) -> int:
    """Change a town's key, in short transactions; a run that was stopped is taken up where it was."""
    sealed = 0
    with town_context(town):
        services.change_key()
    while True:
        with town_context(town):
            some = services.reseal_some()
        if not some:
            break
        sealed += some
    with town_context(town):
        services.drop_former_keys()
    return sealed
