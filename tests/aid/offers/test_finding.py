"""Who may be asked: how far they go, when they are free, away, or busy enough; against an oracle in Python."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.offers.enums import PartOfDay, Radius
from aid.offers.models import Absence, Offer
from aid.offers.services import Offered, keep, offered_by, volunteers_for, welcome
from aid.offers.slots import SLOTS, part_at, slots_of
from aid.onboarding.models import Volunteer
from aid.proposals.models import Proposal
from aid.proposals.services import ask_volunteers
from aid.territory.models import CoveredCommune
from geography.services import distance_km
from harness.loop import agree, jeanne, open_request, request_of, somebody, visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
# Grenoble, then 4, 7 and more than 11 km away; nobody knows where the last one's centre is.
CODES = ("38185", "38151", "38068", "38071", "01001")
MONDAY = datetime.date(2027, 3, 1)


@pytest.fixture
def places():
    """Five communes, the centres of which are known but for one."""
    CoveredCommune.objects.bulk_create([CoveredCommune(commune_id=code) for code in CODES])
    return [CoveredCommune.objects.get(commune_id=code) for code in CODES]


def an_offer(name="Alice", **offered) -> Volunteer:
    """Somebody who makes visits, and more."""
    one = welcome(person=somebody(name), kinds=[visits()])
    keep(one, Offered(kinds=[visits()], **offered))
    return one


def found(commune, **asked) -> set[str]:
    return {one.person.first_name for one in volunteers_for(kind=visits(), commune=commune, **asked)}


def agreed(volunteer: Volunteer, day: datetime.date, state: RequestState = RequestState.AGREED) -> HelpRequest:
    """Something that they said yes to."""
    request = agree(open_request(somebody("Odette")), volunteer)
    HelpRequest.objects.filter(pk=request.pk).update(day=day, state=state)
    return request


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_they_are_who_an_oracle_says(places, data):
    Volunteer.objects.all().delete()
    day = MONDAY + datetime.timedelta(days=data.draw(st.integers(0, 6), "day"))
    part = data.draw(st.none() | st.sampled_from(PartOfDay), "part")
    place = data.draw(st.sampled_from(places), "place")
    expected = set()
    for number in range(6):
        name = f"Bénévole {number}"
        radius = data.draw(st.none() | st.sampled_from(Radius))
        centre = data.draw(st.sampled_from(places)) if radius else None
        chosen = [] if radius else data.draw(st.lists(st.sampled_from(places), unique=True, max_size=2))
        slots = data.draw(st.lists(st.sampled_from(list(SLOTS)), unique=True, max_size=8))
        away = data.draw(st.none() | st.tuples(st.integers(-5, 8), st.none() | st.integers(0, 6)))
        one = an_offer(name, radius_km=radius, centre=centre, communes=chosen, slots=slots)
        if away:
            starts_on = MONDAY + datetime.timedelta(days=away[0])
            ends_on = None if away[1] is None else starts_on + datetime.timedelta(days=away[1])
            Absence.objects.create(offer=one.offer, starts_on=starts_on, ends_on=ends_on)
        comes = _comes(place, radius, centre, chosen)
        is_free = not slots or bool(set(slots) & set(slots_of(day, part)))
        is_away = away and starts_on <= day and (ends_on is None or day <= ends_on)
        if comes and is_free and not is_away:
            expected.add(name)
    assert found(place, day=day, moment=part) == expected


def _comes(place, radius, centre, chosen) -> bool:
    if radius is None:
        return not chosen or place in chosen
    distance = distance_km(centre.commune, place.commune)
    return place == centre or (distance is not None and distance <= radius)


def test_a_radius_is_counted_from_the_centre_of_a_commune(places):
    here, near, around, far, unknown = places
    kilometres = [distance_km(here.commune, place.commune) for place in (near, around, far)]
    assert kilometres[0] < 5 < kilometres[1] < 10 < kilometres[2] < 20
    assert distance_km(here.commune, unknown.commune) is None
    for radius in Radius:
        an_offer(str(radius.label), radius_km=radius, centre=here)
    assert found(here) == found(near) == {"5 km", "10 km", "20 km"}
    assert found(around) == {"10 km", "20 km"}
    assert found(far) == {"20 km"}
    assert found(unknown) == set()
    Offer.objects.update(centre=unknown)
    assert found(unknown) == {"5 km", "10 km", "20 km"}
    assert found(here) == set()


def test_who_said_nothing_of_their_week_is_always_asked(places):
    here = places[0]
    an_offer("Any")
    an_offer("Monday morning", slots=["1-morning"])
    assert found(here) == {"Any", "Monday morning"}
    assert found(here, day=MONDAY) == {"Any", "Monday morning"}
    assert found(here, day=MONDAY, moment=PartOfDay.AFTERNOON) == {"Any"}
    assert found(here, day=MONDAY + datetime.timedelta(days=1)) == {"Any"}


@pytest.mark.parametrize(
    ("hour", "part"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening")]
)
def test_an_hour_is_in_a_part_of_the_day(hour, part):
    assert part_at(datetime.time(hour, 59)) == part


def test_nobody_is_asked_beyond_what_they_want_in_a_month(places):
    here, alice = places[0], an_offer(monthly_limit=2)
    agreed(alice, MONDAY, RequestState.DONE)
    agreed(alice, MONDAY - datetime.timedelta(days=1))
    # February is over, and what was given up counts for nothing.
    agreed(alice, MONDAY + datetime.timedelta(days=5), RequestState.UNMET)
    assert found(here, day=MONDAY + datetime.timedelta(days=8)) == {"Alice"}
    agreed(alice, MONDAY + datetime.timedelta(days=30))
    assert found(here, day=MONDAY + datetime.timedelta(days=8)) == set()
    assert found(here, day=MONDAY + datetime.timedelta(days=31)) == {"Alice"}


def test_nobody_is_asked_who_is_expected_often_enough_already(places):
    here, alice = places[0], an_offer(at_once_limit=1)
    request = agreed(alice, MONDAY)
    assert found(here, day=MONDAY + datetime.timedelta(days=60)) == set()
    HelpRequest.objects.filter(pk=request.pk).update(state=RequestState.DONE)
    assert found(here, day=MONDAY + datetime.timedelta(days=60)) == {"Alice"}


def test_a_request_goes_to_who_is_free_that_day(places, django_assert_num_queries):
    request = open_request(jeanne())
    free = f"{request.day.isoweekday()}-afternoon"
    an_offer("Free", slots=[free])
    an_offer("Elsewhere", slots=[f"{request.day.isoweekday()}-morning"])
    away = an_offer("Away")
    Absence.objects.create(offer=away.offer, starts_on=request.day)
    asked_for = {
        "kind": visits(),
        "commune": CoveredCommune.objects.get(pk=request.commune_id),
        "asker": request.person,
    }
    # The town's steps, for all and for this help, then volunteers.
    with django_assert_num_queries(3):
        assert len(volunteers_for(day=request.day, **asked_for)) == 2
    ask_volunteers(request.pk)
    asked = Proposal.objects.filter(request=request)
    assert {one.volunteer.person.first_name for one in asked.select_related("volunteer__person")} == {"Free"}


def test_where_offers_reach_is_read_once_and_not_offer_by_offer(places):
    an_offer("Alice", communes=[places[0]])
    plan = volunteers_for(kind=visits(), commune=places[0]).explain()
    through = Offer.communes.through._meta.db_table
    assert plan.count(f" on {through} ") == 2, plan
    assert plan.count("(hashed SubPlan") == 2, plan


def test_the_moment_of_a_request_is_a_part_of_its_day():
    from aid.proposals.times import part_of_day

    request = request_of(jeanne())
    assert part_of_day(request) == PartOfDay.AFTERNOON
    request.hour = None
    assert part_of_day(request) is None
    request.moment = "morning"
    assert part_of_day(request) == PartOfDay.MORNING


def test_what_is_offered_is_read_as_it_was_kept(places):
    offered = Offered(
        kinds=[visits()],
        communes=[places[0]],
        slots=["1-morning", "7-evening"],
        monthly_limit=3,
        at_once_limit=1,
        languages=["fsl", "pt"],
        limits="Pas d’escaliers",
    )
    one = an_offer(**{name: value for name, value in vars(offered).items() if name != "kinds"})
    assert offered_by(one) == Offered(**vars(offered) | {"means": []})
    with_nothing = Volunteer.objects.create(person=somebody("Sans offre"))
    assert offered_by(with_nothing) is None
