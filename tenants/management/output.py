"""What the commands of the operator share: an answer for people, or the same as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.lifecycle import town_named
from tenants.models import Town


class TownCommand(BaseCommand):
    """A command that answers with lines, or with one JSON object when `--json` is given."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Every such command takes --json."""
        parser.add_argument("--json", action="store_true", help="répond par un objet JSON")

    def answer(self, content: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
        """Write one or the other."""
        if as_json:
            self.stdout.write(json.dumps(content, ensure_ascii=False))
        else:
            for line in lines:
                self.stdout.write(line)

    def progress(self, as_json: bool) -> Any:
        """Where to report steps: standard error, so that standard output stays the answer."""
        return (lambda line: None) if as_json else self.stderr.write

    def find(self, label: str) -> Town:
        """The town of a subdomain or domain. Raises CommandError in French."""
        try:
            return town_named(label)
        except Town.DoesNotExist as error:
            raise CommandError(f"Aucune ville ne répond à « {label} ». La commande list_towns les donne.") from error
