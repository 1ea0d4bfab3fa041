"""`manage.py suspend_town`: a quiet page with the town's telephone, until it is opened again."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from accounts.models import Account
from console import suspending
from console.enums import SuspensionReason
from tenants.context import platform_context
from tenants.enums import TownState
from tenants.management.output import TownCommand
from tenants.models import Town


class Command(TownCommand):
    """Suspend a town, or open it again: what the console does, where its pages cannot be reached."""

    help = "Suspend une ville, à deux : son site montre une page calme avec son téléphone. --end la rouvre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which town, which way, by whom and why."""
        super().add_arguments(parser)
        parser.add_argument("town", help="son sous-domaine")
        parser.add_argument("--end", action="store_true", help="met fin à la suspension")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="l’opératrice ou l’opérateur qui demande")
        parser.add_argument("--confirmed-by", default="", metavar="E-MAIL", help="une autre personne, qui confirme")
        parser.add_argument("--reason", default="", choices=["", *SuspensionReason.values], help="le motif")
        parser.add_argument("--words", required=True, metavar="TEXTE", help="pourquoi, en une phrase")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change its state, or say why not."""
        with platform_context():
            town = self.find(options["town"])
            try:
                with transaction.atomic():
                    self._change(town, options)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            except suspending.NotAllowedError as error:
                raise CommandError(str(error)) from error
            town.refresh_from_db()
        self.answer(
            {"name": town.name, "state": town.state},
            [f"{town.name} est {TownState(town.state).label}."],
            as_json=options["json"],
        )

    def _change(self, town: Town, options: dict[str, Any]) -> None:
        by = self._account(options["by"])
        if options["end"]:
            suspending.resume(town, words=options["words"], by=by)
            return
        second = self._account(options["confirmed_by"])
        asked = suspending.ask(town, reason=options["reason"], words=options["words"], by=by)
        suspending.confirm(asked, by=second)

    def _account(self, email: str) -> Account:
        account = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
        if account is None:
            raise CommandError(f"Personne de la plateforme n’a l’adresse « {email} ».")
        return account
