"""`manage.py invite_operator`: somebody more who runs the platform."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.services import invite_biller, invite_operator
from tenants.addresses import url_at
from tenants.context import platform_context


class Command(BaseCommand):
    """Give an address the platform's console, to run towns, to bill them, or both."""

    help = "Donne la console de la plateforme à une adresse e-mail."
    inviting = {"operations": (invite_operator,), "billing": (invite_biller,), "both": (invite_operator, invite_biller)}

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address, and what for."""
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--role",
            choices=self.inviting,
            default="operations",
            help="operations : ouvre, suspend et aide les villes ; billing : les facture, sans jamais y entrer ; "
            "both : les deux",
        )

    def handle(self, *, email: str, role: str, **options: Any) -> None:
        """Make the account and say where its owner signs in."""
        try:
            with platform_context():
                for invite in self.inviting[role]:
                    account = invite(email=email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{account.email} peut se connecter, avec un code reçu par e-mail :")
        self.stdout.write(url_at(settings.PLATFORM_DOMAIN, "/connexion/?next=/console/"))
