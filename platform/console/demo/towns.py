"""The demonstration towns: one for each blueprint, on its own territory."""

import random
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from accounts.demonstration import give_applications
from accounts.services import invite_biller, invite_operator
from aid.people.models import Person
from console.demo.books import keep_books
from console.demo.cards import give_cards
from console.demo.coming_again import every_tuesday
from console.demo.directory import tell_directory
from console.demo.offers import offer_a_day, say_what_they_offer, somebody_applies
from console.demo.people import agent_of, coordinator_of, people_town
from console.demo.profiles import KEEPS_COMMERCE_OUT, present_neighbours
from console.demo.requests import tell_the_year, tell_today
from console.demo.steps import tell_the_steps
from console.demo.worrying import flag_and_worry
from console.figures import count_town
from core.text import slug
from tenants import walls
from tenants.context import PLATFORM, facing, town_context
from tenants.models import Domain, Town
from tenants.opening import Request, open_town
from tenants.registry import registry

Report = Callable[[str], None]

# Communes round Lormes: the Portes du Morvan have merged with their neighbours, so no EPCI names them today.
AROUND_LORMES = ("58145", "58010", "58037", "58052", "58083", "58085", "58162", "58225")
# Telephone numbers of the ranges that the regulator keeps for fiction (ARCEP, decision 2018-0881).
DEMO_TOWNS = (
    Request(
        blueprint="bip-pop", name="Pont-Sainte-Maxence", communes=["60509"], telephone="03 53 01 00 01",
    ),
    Request(
        blueprint="faire-compagnie", name="Faire compagnie autour de Lormes", communes=AROUND_LORMES,
        subdomain="lormes", telephone="03 53 01 00 02",
    ),
    Request(blueprint="voisins-voisines", name="Grenoble", communes=["38185"], telephone="04 65 71 00 03"),
    Request(
        blueprint="tous-voisins-44", name="Loire-Atlantique", departement="44", telephone="02 61 91 00 04",
    ),
    Request(
        blueprint="je-vous-visite", name="Pays de Mormal", epci="200043321", telephone="03 53 01 00 05",
    ),
    Request(blueprint="scalaa", name="Lille", communes=["59350"], telephone="03 53 01 00 06"),
)  # fmt: skip


OPERATOR = "operateur@palier.example"
# A second one, since a town is suspended by two; and who bills.
OTHER_OPERATOR = "operatrice@palier.example"
BILLER = "facturation@palier.example"


def open_demo_towns(report: Report) -> None:
    """Open those that are not there yet, each with an administrator; people those that are empty; invite an operator.

    Stopped anywhere, the next call goes on from there.
    """
    with walls.provisioning():
        opened = set(Town.objects.values_list("name", flat=True))
        with facing(PLATFORM):
            for email in (OPERATOR, OTHER_OPERATOR):
                invite_operator(email=email)
            invite_biller(email=BILLER)
            give_applications()
    for asked in DEMO_TOWNS:
        if asked.name not in opened:
            report(f"Ouverture de {asked.name}…")
            subdomain = asked.subdomain or slug(asked.name)
            open_town(replace(asked, subdomain=subdomain, admin_email=administrator_of(subdomain)))
    with walls.provisioning():
        towns = {town.name: town for town in Town.objects.prefetch_related("domains")}
    for asked in DEMO_TOWNS:
        _people(towns[asked.name], asked.telephone, report)
    # What the first night would read.
    for town in towns.values():
        count_town(town, now=timezone.now())
    report("Contrats et factures inventés…")
    keep_books(by=BILLER)


def _people(town: Town, telephone: str, report: Report) -> None:
    domain = next(one.domain for one in town.domains.all() if one.is_primary)
    with town_context(registry.find(domain)[0]):
        if Person.objects.exists():
            give_applications()
            return
        report(f"Habitants inventés de {town.name}…")
        today = timezone.localdate()
        cast = people_town(domain=domain, telephone=telephone, today=today)
        chance = random.Random(domain)  # noqa: S311 (nothing secret is drawn)
        give_cards(cast.volunteers, agent=cast.agent)
        tell_the_year(cast, today=today, chance=chance)
        tell_today(cast, today=today, chance=chance)
        if town.name == DEMO_TOWNS[0].name:
            every_tuesday(cast, today=today)
        present_neighbours(cast, town=town, today=today, chance=chance)
        tell_directory(cast)
        flag_and_worry(cast, domain=domain)
        say_what_they_offer(cast, today=today, chance=chance)
        somebody_applies()
        if town.blueprint == KEEPS_COMMERCE_OUT:
            offer_a_day(cast, today=today)
        # Last: it suspends somebody.
        tell_the_steps(volunteers=cast.volunteers, agent=cast.agent, today=today)
        give_applications()


def administrator_of(domain: str) -> str:
    """The demo's address for the administrator of a town."""
    return f"administration@{domain.partition('.')[0]}.example"


def sign_in_lines(port: int) -> list[str]:
    """Where the towns answer, and how to sign in."""
    with walls.provisioning(), facing(PLATFORM):
        domains = list(Domain.objects.filter(is_primary=True).order_by("domain").values_list("domain", "tenant__name"))
    lines = ["", "Les villes :"]
    lines += [f"  http://{domain}:{port}/  {name}" for domain, name in domains]
    lines += [
        "",
        "Se connecter : pas de mot de passe à retenir, un code de six chiffres à chaque fois.",
        "Rien ne part d’ici : le code se lit à l’adresse du même site suivie de boite-d-envoi/",
        "L’équipe écrit ensuite six autres chiffres, ceux de son application : la même page les montre.",
        f"  l’accueil, à l’adresse d’une ville suivie de bureau/ : {agent_of(domains[0][0])} et de même ailleurs",
        f"  la coordination d’un secteur, de même : {coordinator_of(domains[0][0])}",
        f"  l’administration, suivie de gestion/ : {administrator_of(domains[0][0])}",
        f"  la plateforme, http://{settings.PLATFORM_DOMAIN}:{port}/console/ : {OPERATOR}, {OTHER_OPERATOR}",
        f"  la facturation, au même endroit : {BILLER}",
    ]
    return lines
