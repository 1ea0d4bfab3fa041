"""Referents, newcomers and professionals, for the tests of the directory and of who shows it."""

import itertools
from typing import Any

from accounts.models import Account
from aid.configuration.models import Rules
from aid.directory.enums import CHECK, SHOW
from aid.directory.models import Professional, Referent, Welcome
from aid.directory.professionals import propose_for, take
from aid.directory.services import name_referent
from aid.directory.welcoming import welcome
from aid.people.models import Person
from aid.privacy.enums import Agreed
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district
from harness.desk import make_account, make_person

# Right keys, of businesses that do not exist: Luhn alone decides.
SIRETS = ("73282932000074", "35600000000048", "55208131766522", "44306184100047", "40483304800022")
# What the rules of a new town hold.
COMMERCE = "Plomberie, devis gratuit, 45 € de l’heure."
INSULT = "Les autres sont des arnaqueurs et des connards."
_names = itertools.count(1)


def an_administrator() -> Account:
    """Who names referents."""
    return make_account(f"administration{next(_names)}@ccas.example", "Administrateurs", first_name="Nour")


def a_referent(who: Person | Account | None = None, **fields: Any) -> Referent:
    """Somebody in the directory; Alice Morel without a who."""
    who = who or make_person("Alice", "Morel", "+33639981234")
    usual = {"agreed": Agreed.SPOKEN, "by_account": None, "words": "Je connais les bus du coin."}
    return name_referent(who, **usual | fields)


def a_place(name: str, latitude: str, longitude: str) -> Any:
    """A district with a centre, in the first commune."""
    return add_district(name=name, commune=CoveredCommune.objects.first(), latitude=latitude, longitude=longitude)


def a_welcome(person: Person | None = None, **fields: Any) -> Welcome:
    """A newcomer entrusted to a referent: one of those that there are already, or Alice."""
    a_referent(**fields)
    made = welcome(person or make_person("Rosalie", "Blanc", "+33639981299"))
    assert made is not None
    return made


def with_professionals() -> dict[str, Any]:
    """The town shows professionals: no argument for an address that needs none."""
    Rules.objects.update_or_create(
        pk=1, defaults={"has_professionals": True, "professionals_title": "Voisins pro-actifs"}
    )
    return {}


def a_professional(name: str = "Plomberie du Morvan", *, is_shown: bool = False, **fields: Any) -> Professional:
    """A business, proposed by an agent; shown once somebody checked that it is open."""
    with_professionals()
    usual = {"trade": "Plombière", "siret": SIRETS[0], "phone": "+33199001155", "communes": []}
    by_account = fields.pop("by_account", None) or an_administrator()
    made = propose_for(by_account=by_account, name=name, **usual | fields)
    if is_shown:
        take(made, CHECK, by_account=by_account, words="Vue sur l’annuaire des entreprises, et appelée.")
        made = take(made, SHOW, by_account=by_account)
    return made
