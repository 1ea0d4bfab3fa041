"""Who may help: a volunteer of their own, or somebody who comes for an association."""

import pytest

from accounts.roles import AGENTS
from aid.configuration.enums import Helping
from aid.offers.services import volunteers_for, welcome
from aid.onboarding.associations import speak_for
from aid.onboarding.models import VolunteerMove
from aid.partners.enums import PartnerKind
from aid.partners.models import Partner
from aid.privacy.merging import fingerprint, merge
from aid.territory.models import CoveredCommune
from harness.desk import make_account
from harness.loop import somebody, visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def association():
    """One that helps too."""
    return Partner.objects.create(name="Les Petits Frères", kind=PartnerKind.ASSOCIATION)


@pytest.fixture
def agent(town):
    return make_account("agent@exemple.example", AGENTS)


@pytest.mark.parametrize(
    ("helpers", "found"),
    [
        ([Helping.VOLUNTEER], {"Alice"}),
        ([Helping.ASSOCIATION], {"Paul"}),
        ([Helping.VOLUNTEER, Helping.ASSOCIATION], {"Alice", "Paul"}),
    ],
)
def test_a_kind_reaches_only_those_who_may_help(association, agent, helpers, found):
    kind = visits()
    kind.helpers = helpers
    kind.save()
    welcome(person=somebody("Alice"), kinds=[kind])
    paul = speak_for(welcome(person=somebody("Paul"), kinds=[kind]), association, by_account=agent)
    reached = volunteers_for(kind=kind, commune=CoveredCommune.objects.first())
    assert {one.person.first_name for one in reached} == found
    assert paul.shown_name == "Paul, pour Les Petits Frères"


def test_it_is_noted_once_and_taken_back(association, agent):
    paul = welcome(person=somebody("Paul"), kinds=[visits()])
    for expected in (association, association, None):
        assert speak_for(paul, expected, by_account=agent).speaks_for == expected
    noted = VolunteerMove.objects.filter(volunteer=paul, name="association").order_by("pk")
    assert [(one.said.words, one.by_account) for one in noted] == [
        ("Vient pour Les Petits Frères.", agent),
        ("Vient pour soi.", agent),
    ]


def test_two_cards_made_one_keep_the_association(association, agent):
    kept, gone = (welcome(person=somebody("Paul"), kinds=[visits()]) for _ in range(2))
    speak_for(gone, association, by_account=agent)
    seen = fingerprint(kept.person, gone.person)
    merge(kept.person, gone.person, take=[], seen=seen, by_account=agent)
    kept.refresh_from_db()
    assert kept.speaks_for == association
