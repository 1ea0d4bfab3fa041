"""What a volunteer says of themselves: kept whole, refused where it cannot be, joined when two cards are one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.offers.models import MOST_A_MONTH, Absence, Means, Offer
from aid.offers.services import MOST_ABSENCES, Offered, absences_of, go_away, keep, note_offer, offered_by, welcome
from aid.onboarding.models import Volunteer
from aid.people.merging import fingerprint
from aid.privacy.merging import merge
from aid.territory.models import CoveredCommune
from harness.desk import a_colleague
from harness.loop import visits, volunteer
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def alice():
    return volunteer("Alice")


def today(days: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def joined(kept: Volunteer, gone: Volunteer) -> None:
    """One card of two."""
    seen = fingerprint(kept.person, gone.person)
    merge(kept.person, gone.person, take=[], seen=seen, by_account=a_colleague())


@pytest.mark.parametrize(
    ("offered", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"radius_km": 7}, "radius_km"),
        ({"radius_km": 5}, "__all__"),
        ({"slots": ["8-morning"]}, "__all__"),
        ({"slots": ["x" * 13]}, "slots"),
        ({"languages": ["xx"]}, "languages"),
        ({"monthly_limit": 0}, "__all__"),
        ({"monthly_limit": MOST_A_MONTH + 1}, "__all__"),
        ({"at_once_limit": 11}, "__all__"),
        ({"limits": "x" * 301}, "limits"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(alice, offered, field):
    before = offered_by(alice)
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        keep(alice, Offered(**{"kinds": [visits()]} | offered))
    assert field in refusal.value.message_dict
    assert offered_by(alice) == before


@pytest.mark.parametrize(
    "values", [{"radius_km": 5}, {"slots": ["9-night"]}, {"monthly_limit": 99}, {"languages": ["xx"]}]
)
def test_the_database_refuses_it_too(alice, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(volunteer=alice).update(**values)


def test_who_goes_away_says_until_when_or_not(alice):
    go_away(alice, starts_on=today(10), ends_on=today(20))
    go_away(alice, starts_on=today(30), ends_on=None)
    # Said again, the later words count.
    go_away(alice, starts_on=today(10), ends_on=today(12))
    assert list(absences_of(alice).values_list("starts_on", "ends_on")) == [
        (today(10), today(12)),
        (today(30), None),
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [(-9, -1, "ends_on"), (5, 4, "ends_on"), (800, 801, "starts_on"), (1, 800, "starts_on")],
)
def test_days_that_cannot_be_are_refused(alice, starts, ends, field):
    with pytest.raises(ValidationError) as refusal:
        go_away(alice, starts_on=today(starts), ends_on=today(ends))
    assert list(refusal.value.message_dict) == [field]
    assert not Absence.objects.exists()


def test_absences_are_counted(alice):
    for number in range(MOST_ABSENCES):
        go_away(alice, starts_on=today(number * 3), ends_on=today(number * 3 + 1))
    with pytest.raises(ValidationError, match="beaucoup d’absences"):
        go_away(alice, starts_on=today(200), ends_on=None)


def test_two_cards_of_one_volunteer_offer_what_both_did(alice):
    here = CoveredCommune.objects.get()
    other = volunteer("Alice")
    kinds = list(KindOfHelp.objects.all())
    car = Means.objects.first()
    keep(alice, Offered(kinds=kinds[:1], communes=[here], slots=["1-morning"], monthly_limit=4, languages=["pt"]))
    keep(
        other,
        Offered(
            kinds=kinds[1:2], radius_km=10, centre=here, slots=["2-morning"], monthly_limit=2, means=[car], limits="Bus"
        ),
    )
    go_away(other, starts_on=today(3), ends_on=None)
    joined(alice, other)
    assert offered_by(alice) == Offered(
        kinds=kinds[:2],
        communes=[here],
        radius_km=10,
        centre=here,
        slots=["1-morning", "2-morning"],
        monthly_limit=2,
        means=[car],
        languages=["pt"],
        limits="Bus",
    )
    assert absences_of(alice).count() == 1
    assert Offer.objects.count() == 1


def test_who_comes_anywhere_on_one_card_comes_anywhere(alice):
    other = volunteer("Alice")
    keep(other, Offered(kinds=[visits()], communes=[CoveredCommune.objects.get()], slots=["1-morning"]))
    joined(other, alice)
    kept = offered_by(other)
    assert (list(kept.communes), kept.slots) == ([], [])


def test_a_welcome_at_the_desk_keeps_the_rest(alice):
    here = CoveredCommune.objects.get()
    keep(alice, Offered(kinds=[visits()], radius_km=5, centre=here, slots=["1-morning"]))
    welcome(person=alice.person, kinds=[visits()], communes=[here])
    kept = offered_by(alice)
    assert (kept.radius_km, kept.slots, list(kept.communes)) == (None, ["1-morning"], [here])


def test_one_more_help_noted_without_a_commune_leaves_how_far_they_come(alice):
    here, kinds = CoveredCommune.objects.get(), list(KindOfHelp.objects.all()[:2])
    keep(alice, Offered(kinds=kinds[:1], radius_km=5, centre=here))
    note_offer(alice, kinds=kinds)
    kept = offered_by(alice)
    assert (set(kept.kinds), kept.radius_km, kept.centre) == (set(kinds), 5, here)


def test_each_town_has_its_means(other_town):
    Means.objects.create(name="Un tracteur")
    with facing(other_town):
        assert "Une voiture" in Means.objects.offered().values_list("name", flat=True)
        assert not Means.objects.filter(name="Un tracteur").exists()
