"""`manage.py import_coordinates FILE --sha256 …`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geography.services import ImportRefusedError, import_coordinates


class Command(BaseCommand):
    """Place communes on the map from a file that the operator fetched."""

    help = "Lit le centre de chaque commune (GeoJSON ou JSON de geo.api.gouv.fr, ou CSV)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the fingerprint that the operator read elsewhere."""
        parser.add_argument("file", type=Path, help="GeoJSON, JSON, ou CSV (code, latitude, longitude)")
        parser.add_argument("--sha256", required=True, help="empreinte attendue du fichier")

    def handle(self, *, file: Path, sha256: str, **options: object) -> None:
        """Import, and say what was read and what was not recognised."""
        from tenants.walls import provisioning

        try:
            with provisioning():
                done = import_coordinates(file, sha256)
        except ImportRefusedError as refusal:
            raise CommandError(f"Rien n’a été importé.\n{refusal}") from refusal
        self.stdout.write(f"Communes placées : {done.placed}.")
        if done.unknown_codes:
            self.stdout.write(f"Codes qui ne sont plus ceux d’une commune : {', '.join(done.unknown_codes)}.")
