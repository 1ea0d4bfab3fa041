"""Who fits a need, and why: the score in SQL against an oracle in Python; who is never ranked; what it costs."""

import datetime
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.matching.services import fits_of, rank
from aid.matching.terms import MOST, TERMS
from aid.moderation import blocks
from aid.offers.enums import Language
from aid.offers.models import Offer
from aid.offers.services import Offered, keep
from aid.offers.slots import SLOTS, slots_of
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.privacy import rights
from aid.privacy.enums import RightKind, Via
from aid.profiles.models import Interest, Profile
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.picking import need_for, pickables, ranked
from aid.proposals.times import part_of_day
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district
from geography.services import distance_km
from harness.loop import jeanne, open_request, request_of, said_yes, somebody, visits, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
# Grenoble, then 4, 7 and more than 11 km away; nobody knows where the last one's centre is.
CODES = ("38185", "38151", "38068", "38071", "01001")
SPOKEN = (Language.ARABIC, Language.POLISH, Language.SIGNS)


@pytest.fixture
def places():
    """Five communes."""
    CoveredCommune.objects.bulk_create([CoveredCommune(commune_id=code) for code in CODES])
    return [CoveredCommune.objects.get(commune_id=code) for code in CODES]


@pytest.fixture
def districts(places):
    """Two of the first commune."""
    return [add_district(name=name, commune=places[0]) for name in ("Le Canal", "La Gare")]


@pytest.fixture
def interests():
    """Three things to like."""
    Interest.objects.all().delete()
    for name in ("les cartes", "le jardin", "la musique"):
        Interest(name=name, position=1).save()
    return list(Interest.objects.order_by("pk"))


def likes(person: Person, chosen: list[Interest], *, is_shown: bool = True) -> None:
    """What somebody said on the site, or once did."""
    profile = Profile.objects.create(person=person, published_at=timezone.now() if is_shown else None)
    profile.interests.set(chosen)


def ranks(request: HelpRequest) -> list[Volunteer]:
    """All of them, who fits best first."""
    return list(ranked(request, need_for(request), among=Volunteer.objects.all()))


def names(request: HelpRequest) -> list[str]:
    return [one.person.first_name for one in ranks(request)]


def why(request: HelpRequest) -> dict[str, str]:
    """The sentence of each."""
    return {one.volunteer.person.first_name: one.fit.why for one in _page(request)}


def _page(request: HelpRequest):
    need = need_for(request)
    return pickables(ranked(request, need, among=Volunteer.objects.all()), request, need)


def given_to(person: Person, helper: Volunteer) -> None:
    """They came once."""
    request_of(person, state=RequestState.DONE, volunteer=helper, minutes=30)


def expected_somewhere(helper: Volunteer) -> None:
    """They said yes to somebody else."""
    request_of(somebody("Odette"), state=RequestState.AGREED, volunteer=helper)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_score_is_what_an_oracle_says(places, districts, interests, data):
    with transaction.atomic():
        _compare(places, districts, interests, data)
        transaction.set_rollback(True)  # the next example begins without anybody


def _compare(places, districts, interests, data):
    asker = jeanne()
    speaks = data.draw(st.none() | st.sampled_from(SPOKEN), "answer")
    district = data.draw(st.none() | st.sampled_from(districts), "district")
    place = places[0] if district else data.draw(st.sampled_from(places), "place")
    liked = data.draw(st.lists(st.sampled_from(interests), unique=True), "liked")
    likes(asker, liked)
    request = open_request(
        asker, commune=place, district=district, answers={"Quelle langue\xa0?": speaks.label} if speaks else {}
    )
    expected = {}
    for number in range(5):
        one, score = _draw(data, number, request, liked=liked, speaks=speaks, pool=(places, districts, interests))
        if score is not None:
            expected[one.pk] = score
    found = ranks(request)
    assert {one.pk: one.score for one in found} == expected
    assert [one.pk for one in found] == sorted(expected, key=lambda pk: (-expected[pk], pk))
    assert {pk: fit.score for pk, fit in fits_of(found, need_for(request)).items()} == expected


def _draw(data, number, request, *, liked, speaks, pool):
    """Somebody, and what they should get; None where they are not free."""
    places, districts, interests = pool
    district = data.draw(st.none() | st.sampled_from(districts))
    home = places[0] if district else data.draw(st.none() | st.sampled_from(places))
    slots = data.draw(st.lists(st.sampled_from(list(SLOTS)), unique=True, max_size=8))
    spoken = data.draw(st.lists(st.sampled_from(SPOKEN), unique=True))
    theirs = data.draw(st.lists(st.sampled_from(interests), unique=True))
    is_shown, has_met = data.draw(st.booleans()), data.draw(st.booleans())
    engaged, days = data.draw(st.integers(0, 2)), data.draw(st.sampled_from([0, 6, 8, 29, 31, 60]))
    one = volunteer(f"Bénévole {number}", commune=home, district=district)
    keep(one, Offered(kinds=[visits()], slots=slots, languages=spoken))
    likes(one.person, theirs, is_shown=is_shown)
    if has_met:
        given_to(request.person, one)
    for _ in range(engaged):
        expected_somewhere(one)
    Proposal.objects.filter(volunteer=one).update(asked_at=timezone.now() - datetime.timedelta(days=days))
    wanted = set(slots_of(request.day, part_of_day(request)))
    if slots and not wanted & set(slots):
        return one, None
    common = len(set(liked) & set(theirs)) if is_shown else 0
    was_asked = has_met or engaged
    score = _nearness(home, district, request) + 10 + (15 if slots else 5) + (20 if has_met else 0)
    score += {0: 0, 1: 6}.get(common, 10) + (5 if speaks in spoken else 0) + {0: 7, 1: 3, 2: 0}[engaged]
    return one, score + (8 if not was_asked or days > 30 else 4 if days > 7 else 0)


def _nearness(home, district, request) -> int:
    if district and district == request.district:
        return 25
    if home is None or home == request.commune:
        return 20 if home else 0
    kilometres = distance_km(home.commune, request.commune.commune)
    if kilometres is None:
        return 0
    return next((points for bound, points in ((5, 15), (10, 10), (20, 5)) if kilometres < bound), 0)


def test_the_table_of_weights_makes_a_hundred():
    assert MOST == 100
    for term in TERMS:
        points = [level.points for level in term.levels]
        assert points == sorted(set(points), reverse=True), term.name
        assert points[-1] > 0, term.name


def test_the_sentence_is_made_of_the_same_terms(districts, interests):
    asker = jeanne()
    likes(asker, interests[:2])
    request = open_request(asker, commune=districts[0].commune, district=districts[0])
    day = {1: "lundi", 2: "mardi", 3: "mercredi", 4: "jeudi", 5: "vendredi", 6: "samedi", 7: "dimanche"}
    near = volunteer("Alice", commune=districts[0].commune, district=districts[0])
    keep(near, Offered(kinds=[visits()], slots=[f"{request.day.isoweekday()}-afternoon"]))
    likes(near.person, interests[:1])
    known = volunteer("Bruno")
    given_to(asker, known)
    expected_somewhere(known)
    assert why(request) == {
        "Alice": f"Habite le même quartier, libre le {day[request.day.isoweekday()]} après-midi, "
        "aime aussi les cartes, rien ne lui a été proposé depuis un mois, n’a pas d’autre rendez-vous prévu.",
        "Bruno": "Connaît déjà Jeanne.",
    }


def test_who_may_not_be_asked_is_never_ranked(town):
    asker, helpers = jeanne(), {}
    request = open_request(asker)
    for name in ("Alice", "Refuse", "Désisté", "Oui", "Pas choisi", "Opposé", "Bloqué", "Bloque", "Suspendu", "Mort"):
        helpers[name] = volunteer(name)
    assert len(names(request)) == 10
    answers = {"Refuse": Answer.NO, "Désisté": Answer.WITHDREW, "Pas choisi": Answer.NOT_CHOSEN}
    for name, answer in answers.items():
        Proposal.objects.create(request=request, volunteer=helpers[name], answer=answer, answered_at=timezone.now())
    said_yes(request, helpers["Oui"])
    rights.ask(person=helpers["Opposé"].person, kind=RightKind.OBJECT, via=Via.PHONE)
    blocks.block(blocker=asker, blocked=helpers["Bloqué"].person)
    blocks.block(blocker=helpers["Bloque"].person, blocked=asker)
    Volunteer.objects.filter(pk=helpers["Suspendu"].pk).update(state=VolunteerState.SUSPENDED)
    Person.objects.filter(pk=helpers["Mort"].person_id).update(deceased_on=timezone.localdate())
    assert names(request) == ["Alice"]
    # Who was asked, and has not answered, may be asked in particular.
    Proposal.objects.create(request=request, volunteer=helpers["Alice"])
    assert names(request) == ["Alice"]


def test_a_list_of_any_length_costs_as_many_queries(places, interests):
    asker = jeanne()
    likes(asker, interests)
    request = open_request(asker, commune=places[0])
    counts = []
    for length in (1, 12):
        for number in range(length):
            one = volunteer(f"Bénévole {number}", commune=places[1])
            likes(one.person, interests)
            given_to(asker, one)
        _page(request)  # the request keeps its kind and its place in memory
        with CaptureQueriesContext(connection) as done:
            _page(request)
        counts.append(len(done))
    assert counts[0] == counts[1]


def test_nobody_is_looked_up_one_by_one(places, interests):
    """Each list that the score looks in is read once, whatever it holds: PostgreSQL hashes it."""
    asker = jeanne()
    likes(asker, interests)
    request = open_request(asker, commune=places[0], answers={"Langue": "arabe"})
    plan = rank(Volunteer.objects.order_by(), need_for(request)).explain(verbose=True)
    looked_in = re.findall(r"(hashed )?SubPlan \d+\b(?!\n)", plan)
    assert len(looked_in) >= 9, plan
    assert set(looked_in) == {"hashed "}, plan


def test_an_offer_of_nobody_scores_nothing_that_it_says_nothing_of(places):
    request = open_request(jeanne(), commune=places[0])
    someone = volunteer("Alice")
    Offer.objects.filter(volunteer=someone).delete()
    (found,) = rank(Volunteer.objects.all(), need_for(request))
    fit = fits_of([found], need_for(request))[found.pk]
    assert (fit.points["kind"], fit.points["time"]) == (0, 0)
    assert "n’a pas proposé cette aide" in fit.why
