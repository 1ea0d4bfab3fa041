"""`manage.py import_ages FILE --sha256 …`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geography.services import ImportRefusedError, import_ages


class Command(BaseCommand):
    """Read the older residents of each commune from the INSEE file that the operator fetched."""

    help = "Lit les habitants de 60 ans et plus de chaque commune dans le fichier de l’Insee (CSV, ou zip)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the fingerprint that the operator read elsewhere."""
        parser.add_argument("file", type=Path, help="base-cc-evol-struct-pop-AAAA, en CSV ou en zip")
        parser.add_argument("--sha256", required=True, help="empreinte attendue du fichier")

    def handle(self, *, file: Path, sha256: str, **options: object) -> None:
        """Import, and say what was read and what was not recognised."""
        from tenants.walls import provisioning

        try:
            with provisioning():
                done = import_ages(file, sha256)
        except ImportRefusedError as refusal:
            raise CommandError(f"Rien n’a été importé.\n{refusal}") from refusal
        self.stdout.write(f"Recensement de {done.vintage}. Communes renseignées : {done.communes}.")
        if done.unknown_codes:
            self.stdout.write(f"Codes inconnus : {', '.join(done.unknown_codes)}.")
        if done.without_figures:
            self.stdout.write(f"Communes sans chiffres : {', '.join(done.without_figures)}.")
