"""`manage.py restore`: towns out of a backup; or, with --drill, the proof that they could be."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from tenants.addresses import url_at
from tenants.backups.errors import BackupError
from tenants.backups.keys import VARIABLE, load_key
from tenants.backups.restoring import Restored, Wish, restore
from tenants.management.output import TownCommand
from tenants.walls import NotProvisioningError


class Command(TownCommand):
    """Restore."""

    help = "Restaure une sauvegarde, à côté de ce qui existe. Une ville revient entière, ou pas du tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From what, which town, under which name."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FICHIER", help="la sauvegarde")
        parser.add_argument("--town", default="", metavar="SOUS-DOMAINE", help="une seule ville de la sauvegarde")
        parser.add_argument("--as", dest="label", default="", metavar="SOUS-DOMAINE", help="sous un autre sous-domaine")
        parser.add_argument("--drill", action="store_true", help="exercice : restaure, compare, puis efface")
        parser.add_argument("--key-file", type=Path, metavar="FICHIER", help=f"la clé ; sinon {VARIABLE}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not; exit with an error if a town of the file was refused."""
        wish = Wish(town=options["town"], label=options["label"], drill=options["drill"])
        try:
            outcome = restore(options["file"], load_key(options["key_file"]), wish, self.progress(options["json"]))
        except (BackupError, NotProvisioningError) as error:
            raise CommandError(str(error)) from error
        self.answer(
            {
                "drill": wish.drill,
                "towns": [{**asdict(one), "seconds": round(one.seconds, 3)} for one in outcome.towns],
                "refused": outcome.refused,
                "shared_rows": outcome.shared_rows,
            },
            _lines(outcome, wish),
            as_json=options["json"],
        )
        if outcome.refused:
            raise CommandError(f"{len(outcome.refused)} ville(s) non restaurée(s) : {', '.join(outcome.refused)}.")


def _lines(outcome: Restored, wish: Wish) -> list[str]:
    if wish.drill:
        lines = [f"{one.name} : la restauration est conforme ({one.seconds:.1f} s)." for one in outcome.towns]
        return [*lines, "Exercice terminé : rien n’a été gardé."]
    lines = [f"{one.name} est restaurée : {url_at(one.domain)}" for one in outcome.towns]
    if outcome.shared_rows is not None:
        lines.append("Les comptes de la plateforme sont restaurés.")
    return lines
