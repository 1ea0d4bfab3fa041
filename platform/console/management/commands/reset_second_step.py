"""`manage.py reset_second_step`: somebody who lost telephone and codes, where no colleague can help."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.models import Account
from accounts.roles import is_staff
from accounts.services import reset_second_step
from tenants.context import platform_context, town_context
from tenants.management.output import TownCommand
from tenants.registry import registry


class Command(TownCommand):
    """Forget the second step of a town's administrator, or of an operator."""

    help = "Efface la deuxième étape d’un compte, et le déconnecte partout. Sans ville : celle d’un opérateur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and where."""
        super().add_arguments(parser)
        parser.add_argument("town", nargs="?", default="", help="son sous-domaine ; rien pour la plateforme")
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say that nobody there has this address."""
        email = options["email"].strip().lower()
        if options["town"]:
            with platform_context():
                domain = self.find(options["town"]).domains.get(is_primary=True).domain
            with town_context(registry.find(domain)[0]):
                self._reset(email)
        else:
            with platform_context():
                self._reset(email)
        self.answer(
            {"email": email, "reset": True},
            [f"{email} préparera une nouvelle deuxième étape à sa prochaine connexion."],
            as_json=options["json"],
        )

    def _reset(self, email: str) -> None:
        account = Account.objects.filter(email=email).first()
        if account is None or not is_staff(account):
            raise CommandError(f"Personne qui travaille ici n’a l’adresse {email}.")
        reset_second_step(account, by_account=None)
