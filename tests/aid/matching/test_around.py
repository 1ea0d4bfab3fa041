"""How many neighbours help, and where: counts that point at nobody."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from aid.configuration.models import KindOfHelp
from aid.matching.around import around, at_least, told
from aid.offers.services import welcome
from aid.onboarding.enums import StepKind, VolunteerState
from aid.onboarding.models import Volunteer
from aid.privacy import rights
from aid.privacy.enums import RightKind, Via
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district
from harness.loop import somebody, visits
from harness.steps import a_step

# Far more than live in a district.
NUMBERS = range(1, 400)


@pytest.fixture
def here(town):
    """A district of the first commune."""
    return add_district(name="Le Canal", commune=CoveredCommune.objects.order_by("pk")[0])


def who_offers(count, district, kinds=None):
    """So many neighbours of a district who help."""
    kinds = kinds or [visits()]
    return [
        welcome(person=somebody(f"Voisin {number}", commune=district.commune, district=district), kinds=kinds)
        for number in range(count)
    ]


def cells():
    return {(one.district or one.commune, one.kind_slug): one.words for one in around()}


def stands_for(answer):
    """The numbers that an answer may stand for; « nobody » is no line at all."""
    return [number for number in NUMBERS if at_least(number) == answer]


ANSWERS = sorted({at_least(number) for number in NUMBERS if number < 390}, key=lambda answer: answer or 0)


@given(first=st.sampled_from(ANSWERS), second=st.sampled_from(ANSWERS))
def test_no_difference_of_two_answers_tells_of_one_person(first, second):
    """Of two places, two kinds, two days: whatever is seen, one more and several more look alike."""
    differences = {later - earlier for earlier, later in itertools.product(stands_for(first), stands_for(second))}
    assert len(differences) >= 3
    assert (first or 0) % 3 == 0


@given(number=st.integers(1, 10_000))
def test_what_is_told_is_never_more_than_there_are(number):
    answer = at_least(number)
    assert (answer is None) is (number < 3)
    assert number - 3 < (answer or 0) <= number
    assert told(answer) == ("quelques-uns" if number < 3 else f"au moins {answer}")


@pytest.mark.django_db
def test_they_are_counted_by_district_and_kind(here):
    commune, kind = str(here.commune), visits().slug
    other = KindOfHelp.objects.order_by("position", "pk")[1]
    who_offers(2, here)
    assert cells() == {("Le Canal", kind): "quelques-uns"}
    who_offers(5, here, kinds=[visits(), other])
    assert cells() == {("Le Canal", kind): "au moins 6", ("Le Canal", other.slug): "au moins 3"}
    # Who told only their commune is in a cell of their own, which holds nobody of the district.
    welcome(person=somebody("Loin", commune=here.commune), kinds=[visits()])
    welcome(person=somebody("Nulle part"), kinds=[visits()])
    assert cells()[commune, kind] == "quelques-uns"
    assert cells()["Le Canal", kind] == "au moins 6"


@pytest.mark.django_db
def test_only_who_may_be_asked_is_counted(here):
    helpers = who_offers(7, here)
    assert cells()["Le Canal", visits().slug] == "au moins 6"
    rights.ask(person=helpers[0].person, kind=RightKind.OBJECT, via=Via.PHONE)
    assert cells()["Le Canal", visits().slug] == "au moins 6"
    Volunteer.objects.filter(pk=helpers[1].pk).update(state=VolunteerState.ON_LEAVE)
    assert cells()["Le Canal", visits().slug] == "au moins 3"
    step = a_step(StepKind.RECORD, name="Le casier")
    step.kinds.set([visits()])
    assert cells() == {}


@pytest.mark.django_db
def test_counting_costs_as_many_queries_however_many_they_are(here):
    counts = []
    for count in (1, 12):
        who_offers(count, here)
        with CaptureQueriesContext(connection) as done:
            around()
        counts.append(len(done))
    assert counts[0] == counts[1] <= 4
