"""`manage.py invite_operator`: somebody more who runs the platform."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.services import invite_operator
from tenants.addresses import url_at
from tenants.context import platform_context


class Command(BaseCommand):
    """Give an address the platform's console."""

    help = "Donne la console de la plateforme à une adresse e-mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("--email", required=True)

    def handle(self, *, email: str, **options: Any) -> None:
        """Make the account and say where its owner signs in."""
        try:
            with platform_context():
                account = invite_operator(email=email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{account.email} peut se connecter, avec un code reçu par e-mail :")
        self.stdout.write(url_at(settings.PLATFORM_DOMAIN, "/connexion/?next=/console/"))
