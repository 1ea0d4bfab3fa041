"""`manage.py backup`: a town, or all of them and the platform's accounts, in one encrypted file."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from tenants import walls
from tenants.backups.errors import BackupError
from tenants.backups.keys import VARIABLE, load_key, make_key
from tenants.backups.taking import Taken, back_up
from tenants.enums import TownState
from tenants.management.output import TownCommand
from tenants.models import Town


class Command(TownCommand):
    """Back up."""

    help = "Sauvegarde une ville, ou toutes, dans un fichier chiffré. Les sites continuent de répondre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, where, and the key."""
        super().add_arguments(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--town", default="", metavar="SOUS-DOMAINE", help="une seule ville")
        what.add_argument("--all", action="store_true", help="toutes les villes, et les comptes de la plateforme")
        what.add_argument("--new-key", type=Path, metavar="FICHIER", help="fabrique une clé, et rien d’autre")
        parser.add_argument("--to", type=Path, metavar="DOSSIER", help="un dossier, ou un fichier à créer")
        parser.add_argument("--key-file", type=Path, metavar="FICHIER", help=f"la clé ; sinon {VARIABLE}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        try:
            if options["new_key"]:
                self.make_key(options["new_key"], as_json=options["json"])
            else:
                self.back_up(options)
        except (BackupError, walls.NotProvisioningError) as error:
            raise CommandError(str(error)) from error

    def make_key(self, path: Path, *, as_json: bool) -> None:
        """Write a key, and say what depends on it."""
        make_key(path)
        self.answer(
            {"key_file": str(path)},
            [f"La clé est dans {path}. Gardez-en une copie hors de cette machine : sans elle, rien n’est récupérable."],
            as_json=as_json,
        )

    def back_up(self, options: dict[str, Any]) -> None:
        """Back up, and tell what the file holds."""
        if options["to"] is None:
            raise BackupError("Dites où écrire la sauvegarde, avec --to.")
        key = load_key(options["key_file"])
        with walls.provisioning():
            towns = [self.find(options["town"])] if options["town"] else list(Town.objects.with_schema().order_by("pk"))
            if options["town"] and towns[0].state == TownState.ARCHIVED:
                raise BackupError(f"{towns[0].name} est archivée : elle n’a plus de données à sauvegarder.")
            taken = back_up(
                towns,
                to=options["to"],
                key=key,
                with_shared=options["all"],
                report=self.progress(options["json"]),
            )
        self.answer(_as_json(taken), [_sentence(taken)], as_json=options["json"])


def _as_json(taken: Taken) -> dict[str, Any]:
    return {**asdict(taken), "path": str(taken.path), "seconds": round(taken.seconds, 3)}


def _sentence(taken: Taken) -> str:
    return f"{len(taken.towns)} ville(s), {taken.bytes / 1e6:.1f} Mo en {taken.seconds:.1f} s : {taken.path}"
