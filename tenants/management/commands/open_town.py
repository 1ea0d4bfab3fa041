"""`manage.py open_town`: a new town, answering on its own address."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.addresses import url_at
from tenants.enums import TownKind
from tenants.management.output import TownCommand
from tenants.opening import OpeningError, Request, open_town


class Command(TownCommand):
    """Open a town."""

    help = "Ouvre une ville : son site répond aussitôt à son adresse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is asked of an opening."""
        super().add_arguments(parser)
        parser.add_argument("--blueprint", required=True, help="le modèle, par exemple bip-pop")
        parser.add_argument("--name", required=True, help="le nom affiché, par exemple « Pont-Sainte-Maxence »")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--commune", nargs="+", default=[], metavar="CODE", help="codes INSEE des communes")
        where.add_argument("--epci", default="", metavar="SIREN", help="une intercommunalité, par son SIREN")
        where.add_argument("--departement", default="", metavar="CODE", help="un département entier")
        parser.add_argument("--kind", default="", choices=["", *TownKind.values], help="nature de la collectivité")
        parser.add_argument("--subdomain", default="", help="le sous-domaine ; tiré du nom s’il n’est pas donné")
        parser.add_argument("--admin", default="", metavar="E-MAIL", help="la première personne qui administre")
        parser.add_argument("--telephone", default="", help="le numéro à appeler, affiché sur chaque page")
        parser.add_argument("--siren", default="")
        parser.add_argument("--siret", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say in one sentence why not."""
        try:
            opened = open_town(
                Request(
                    blueprint=options["blueprint"],
                    name=options["name"],
                    communes=options["commune"],
                    epci=options["epci"],
                    departement=options["departement"],
                    kind=options["kind"],
                    subdomain=options["subdomain"],
                    admin_email=options["admin"],
                    telephone=options["telephone"],
                    siren=options["siren"],
                    siret=options["siret"],
                )
            )
        except OpeningError as error:
            raise CommandError(str(error)) from error
        address = url_at(opened.domain)
        sign_in = url_at(opened.domain, opened.sign_in_path) if opened.sign_in_path else None
        lines = [f"{opened.town.name} est ouverte : {address}"]
        if sign_in:
            lines += [
                f"{options['admin']} l’administre, avec un code reçu par e-mail à chaque connexion :",
                sign_in,
            ]
        self.answer(
            {
                "name": opened.town.name,
                "uid": str(opened.town.uid),
                "schema": opened.town.schema_name,
                "domain": opened.domain,
                "address": address,
                "sign_in": sign_in,
                "seconds": round(opened.seconds, 3),
            },
            lines,
            as_json=options["json"],
        )
