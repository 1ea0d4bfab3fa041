"""The people of a demonstration town. Nobody of them exists: names are drawn, telephones are kept for fiction."""

import datetime
import random
import zlib
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction
from faker import Faker

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS
from aid.configuration.models import KindOfHelp
from aid.offers.services import welcome
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person
from aid.relations.enums import Consent, Kinship, Scope
from aid.relations.services import grant, note_relative
from aid.territory.models import CoveredCommune, District
from aid.territory.services import add_sector, bind_coordinator
from console.demo.steps import pass_required
from core.text import slug

VOLUNTEERS, RESIDENTS = 12, 16
# One volunteer in four is written to by e-mail, as in life one is rather called.
BY_EMAIL_EVERY, BY_CALL_EVERY = 4, 11
# Two in three have a landline only.
LANDLINE_EVERY = 3
# Mobiles and landlines that the regulator keeps for fiction (ARCEP, decision 2018-0881): their first eight digits.
FICTION_MOBILE = "063998"
FICTION_LANDLINES = {"1": "019900", "2": "026191", "3": "035301", "4": "046571", "5": "053649"}


@dataclass(frozen=True)
class Cast:
    """Who lives in a town of the demonstration."""

    agent: Account
    volunteers: list[Volunteer]
    residents: list[Person]
    # Of somebody whom nobody here knows yet.
    unknown_landline: str


@dataclass
class Draw:
    """Names and numbers, the same for a town each time."""

    town: str
    area: str

    def __post_init__(self) -> None:
        """Start both generators from the town's name."""
        seed = zlib.crc32(self.town.encode())
        self.chance = random.Random(seed)  # noqa: S311 (drawn names are no secret)
        self.names = Faker("fr_FR")
        self.names.seed_instance(seed)
        self._mobile = self._landline = 9  # the first ten are kept for people whom the guide names

    def mobile(self) -> str:
        """The next mobile."""
        self._mobile += 1
        return f"{FICTION_MOBILE}{self._mobile:04}"

    def landline(self) -> str:
        """The next landline of the town's part of France."""
        self._landline += 1
        return f"{FICTION_LANDLINES[self.area]}{self._landline:04}"


@transaction.atomic
def people_town(*, domain: str, telephone: str, today: datetime.date) -> Cast:
    """Give the town that the connection is in its people: team, volunteers, residents, a daughter and her mother."""
    draw = Draw(town=domain, area=telephone[1])
    places = list(CoveredCommune.objects.all()[:8])
    agent = _agent(domain)
    Account.objects.filter(groups__name=ADMINISTRATORS).update(first_name="Andrée", last_name="Mairie")
    _coordinator(domain, places)
    cast = Cast(
        agent=agent,
        volunteers=_volunteers(draw, places, today, agent),
        residents=_residents(draw, places),
        unknown_landline=draw.landline(),
    )
    _mother_and_daughter(domain, places[0], agent)
    return cast


def agent_of(domain: str) -> str:
    """The demo's address for who answers the telephone of a town."""
    return f"accueil@{domain.partition('.')[0]}.example"


def coordinator_of(domain: str) -> str:
    """The demo's address for who follows the people of some communes of a town."""
    return f"coordination@{domain.partition('.')[0]}.example"


def _agent(domain: str) -> Account:
    account = Account.objects.create_account(email=agent_of(domain), first_name="Camille", last_name="Accueil")
    account.groups.add(Group.objects.get(name=AGENTS))
    return account


def _coordinator(domain: str, places: list[CoveredCommune]) -> None:
    """Dominique, of the guide, follows the people of the first communes: half of them, or the only one."""
    account = Account.objects.create_account(email=coordinator_of(domain), first_name="Dominique", last_name="Lien")
    account.groups.add(Group.objects.get(name=COORDINATORS))
    sector = add_sector(name="Secteur de Dominique", communes=places[: max(1, len(places) // 2)])
    bind_coordinator(account, sectors=[sector], by_account=account)


def _volunteers(draw: Draw, places: list[CoveredCommune], today: datetime.date, agent: Account) -> list[Volunteer]:
    kinds = list(KindOfHelp.objects.offered())
    made = []
    for number in range(VOLUNTEERS):
        # Alice is in the guide: everything may be asked of her, and she answers by SMS.
        first_name = "Alice" if number == 0 else draw.names.first_name()
        last_name = draw.names.last_name()
        email = f"{slug(first_name)}.{slug(last_name)}@{draw.town.partition('.')[0]}.example"
        by_email = number % BY_EMAIL_EVERY == BY_EMAIL_EVERY - 1
        by_call = number == BY_CALL_EVERY
        person = register_person(
            first_name=first_name,
            last_name=last_name,
            phone=draw.landline() if by_call else f"{FICTION_MOBILE}0001" if number == 0 else draw.mobile(),
            email=email if by_email else "",
            channel="email" if by_email else None,
            commune=draw.chance.choice(places),
            created_by=agent,
        )
        confirm_phone(person)
        offered = kinds if number == 0 else draw.chance.sample(kinds, k=min(len(kinds), draw.chance.randint(2, 4)))
        since = today - datetime.timedelta(days=draw.chance.randint(20, 500))
        pass_required(person, on=since, agent=agent)
        made.append(welcome(person=person, kinds=offered, on=since))
    return made


def _residents(draw: Draw, places: list[CoveredCommune]) -> list[Person]:
    made = []
    for number in range(RESIDENTS):
        commune = draw.chance.choice(places)
        person = register_person(
            first_name=draw.names.first_name_female() if number % 4 else draw.names.first_name_male(),
            last_name=draw.names.last_name(),
            phone=draw.mobile() if number % LANDLINE_EVERY == 0 else draw.landline(),
            commune=commune,
            district=District.objects.filter(commune=commune).order_by("?").first(),
            address=f"{draw.chance.randint(1, 80)} {draw.names.street_name()}",
            birth_year=draw.chance.randint(1928, 1958),
        )
        confirm_phone(person)
        made.append(person)
    return made


def _mother_and_daughter(domain: str, place: CoveredCommune, agent: Account) -> None:
    """Claire and Suzanne, of the guide: Suzanne said on the telephone that her daughter may act for her."""
    here = domain.partition(".")[0]
    mother, daughter = (
        register_person(
            first_name=first_name,
            last_name=last_name,
            email=f"{slug(first_name)}@{here}.example",
            commune=place,
            created_by=agent,
            **more,
        )
        for first_name, last_name, more in (
            ("Suzanne", "Petit", {"address": "3 rue des Lilas", "birth_year": 1938}),
            ("Claire", "Duval", {}),
        )
    )
    note_relative(mother, daughter, kind=Kinship.DAUGHTER, by_account=agent)
    grant(
        representative=daughter,
        principal=mother,
        scope=[Scope.REQUESTS, Scope.KNOWN],
        consent=Consent.BY_PHONE,
        by_account=agent,
        circumstances="A rappelé elle-même pour le dire.",
    )
