"""A volunteer's card: one that stands, for who is admitted; its token is nowhere in the clear."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from aid.cards import retained
from aid.cards.enums import Outcome, VoidReason
from aid.cards.models import Card, CardScan
from aid.cards.services import card_of, check, fingerprint, issue, look_at, void
from aid.configuration.models import Rules
from aid.onboarding.enums import LEAVE, PAUSE, REINSTATE, RESUME, SUSPEND, VolunteerState
from aid.onboarding.services import take
from aid.people.models import Person
from aid.privacy import forgetting, merging
from aid.privacy.holdings import known_of
from aid.privacy.retention import declared as kept
from aid.privacy.retention import purge
from core.dates import months_after
from core.models import AppendOnlyError
from harness.cards import a_card, token_of
from harness.desk import make_account, make_person, make_volunteer
from tenants.context import facing

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(town):
    return make_volunteer()


@pytest.fixture
def agent(town):
    return make_account("agent@ccas.example", "Agents")


def answers(token):
    """What is said, and what is written in the journal."""
    said = check(token).is_valid
    last = CardScan.objects.order_by("-pk").first()
    assert said == (last.outcome == Outcome.VALID)
    return last.outcome


def test_a_card_is_made_by_somebody_for_a_year_or_what_the_town_chose(alice, agent):
    card = issue(alice, by_account=agent)
    assert card.expires_on == months_after(timezone.localdate(), 12)
    assert card.issued_by == agent
    Rules.objects.update(card_months=6)
    assert issue(alice, by_account=agent).expires_on == months_after(timezone.localdate(), 6)


def test_who_has_the_database_alone_has_no_token(alice):
    card = a_card(alice)
    token = token_of(card)
    assert len(token) == 40
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(card)::text FROM cards_card AS card")
        (row,) = cursor.fetchone()
    assert token not in row
    assert json.loads(row)["fingerprint"] == fingerprint(token)
    assert not check(json.loads(row)["fingerprint"]).is_valid
    assert not check(card.number).is_valid
    assert not check(str(card.pk)).is_valid


def test_a_new_card_voids_the_one_before(alice, agent):
    first, second = issue(alice, by_account=agent), issue(alice, by_account=agent)
    first.refresh_from_db()
    assert (first.void_reason, first.voided_by) == (VoidReason.REPLACED, agent)
    assert answers(token_of(first)) == Outcome.VOID
    assert answers(token_of(second)) == Outcome.VALID
    assert card_of(alice) == second


@pytest.mark.parametrize(
    "state", [one for one in VolunteerState if one != VolunteerState.ADMITTED], ids=lambda one: one.value
)
def test_only_who_is_admitted_has_a_card(town, state):
    with pytest.raises(ValidationError, match="bénévole en service"):
        issue(make_volunteer(state=state), by_account=None)
    assert not Card.objects.exists()


def test_the_base_keeps_one_card_standing_and_a_reason_for_the_others(alice):
    card = a_card(alice)
    twin = Card(volunteer=alice, number="AAA-AAA", fingerprint="x", expires_on=card.expires_on)
    twin.seal("x")
    with pytest.raises(IntegrityError, match="card_stands_once"), transaction.atomic():
        twin.save()
    with pytest.raises(IntegrityError, match="card_void_has_a_reason"), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(void_at=timezone.now())
    with pytest.raises(IntegrityError, match="card_void_has_a_reason"), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(void_reason="lost")


def test_a_card_is_voided_once_for_a_reason_of_the_list(alice, agent):
    card = a_card(alice)
    for reason in ("", "mangée", VoidReason.REPLACED):
        with pytest.raises(ValidationError, match="raison"):
            void(card, reason=reason, by_account=agent)
    void(card, reason=VoidReason.LOST, by_account=agent)
    void(card, reason=VoidReason.STOLEN, by_account=None)
    card.refresh_from_db()
    assert (card.void_reason, card.voided_by) == (VoidReason.LOST, agent)
    assert answers(token_of(card)) == Outcome.VOID
    assert card_of(alice) is None


def test_a_card_is_worth_what_its_volunteer_is_at_this_instant(alice):
    token = token_of(a_card(alice))
    for move, expected in (
        (None, Outcome.VALID),
        (SUSPEND, Outcome.NOT_ADMITTED),
        (REINSTATE, Outcome.VALID),
        (PAUSE, Outcome.NOT_ADMITTED),
        (RESUME, Outcome.VALID),
        (LEAVE, Outcome.NOT_ADMITTED),
    ):
        if move:
            take(alice, move)
        assert answers(token) == expected
        assert look_at(token).is_valid == (expected == Outcome.VALID)
        assert (card_of(alice) is not None) == (expected == Outcome.VALID)


def test_a_card_ends_with_its_last_day(alice):
    card = a_card(alice)
    Card.objects.update(expires_on=timezone.localdate())
    assert answers(token_of(card)) == Outcome.VALID
    Card.objects.update(expires_on=timezone.localdate() - datetime.timedelta(days=1))
    assert answers(token_of(card)) == Outcome.EXPIRED
    assert card_of(alice) is None


def test_the_card_of_who_died_is_worth_nothing(alice):
    card = a_card(alice)
    Person.objects.filter(pk=alice.person_id).update(deceased_on=timezone.localdate())
    assert answers(token_of(card)) == Outcome.NOT_ADMITTED


@pytest.mark.parametrize("broken", ["", "x", "0", "é" * 40, "\0", "a" * 5000, "' OR 1=1 --"])
def test_an_invented_token_is_worth_nothing_and_is_not_kept(alice, broken):
    token = token_of(a_card(alice))
    assert not check(broken).is_valid
    assert not check(token[:-1] + ("0" if token[-1] != "0" else "1")).is_valid
    assert not check(token.upper()).is_valid or token.isdigit()
    assert not CardScan.objects.exists()


def test_the_token_of_another_town_is_worth_nothing_in_either(alice, other_town):
    ours = token_of(a_card(alice))
    with facing(other_town):
        theirs = token_of(a_card(make_volunteer("Benoît")))
        assert check(theirs).is_valid
        assert not check(ours).is_valid
    assert check(ours).is_valid
    assert not check(theirs).is_valid


def test_scans_are_only_ever_added(alice):
    check(token_of(a_card(alice)))
    scan = CardScan.objects.get()
    with pytest.raises(AppendOnlyError):
        scan.save()
    with pytest.raises(AppendOnlyError):
        scan.delete()
    assert {field.name for field in CardScan._meta.get_fields()} == {"id", "card", "at", "outcome"}, "nothing of who"


def merge(kept_one, gone, agent):
    seen = merging.preview(kept_one, gone).seen
    merging.merge(kept_one, gone, take=(), seen=seen, by_account=agent)


def test_the_card_follows_its_volunteer_to_the_person_who_stays(alice, agent):
    card, twin = a_card(alice), make_person("Alicia", "Morel", phone="+33199007777")
    merge(twin, alice.person, agent)
    assert answers(token_of(card)) == Outcome.VALID
    assert Card.objects.get().volunteer.person == twin


@pytest.mark.parametrize("kept_has_one", [True, False])
def test_of_two_volunteers_made_one_a_card_stands(alice, agent, kept_has_one):
    twin = make_volunteer("Alicia", phone="+33199007777")
    theirs = a_card(twin)
    ours = a_card(alice) if kept_has_one else None
    merge(alice.person, twin.person, agent)
    if kept_has_one:
        assert answers(token_of(ours)) == Outcome.VALID
        assert answers(token_of(theirs)) == Outcome.VOID
    else:
        assert answers(token_of(theirs)) == Outcome.VALID
    assert {one.volunteer for one in Card.objects.all()} == {alice}


def test_cards_are_told_and_forgotten_with_the_person_and_scans_lead_to_nobody(alice, agent):
    token = token_of(a_card(alice))
    check(token)
    titles = [one.holding.title for one in known_of(alice.person)]
    assert {"Vos cartes de bénévole", "Quand votre carte a été vérifiée"} <= set(titles)
    assert token not in str(known_of(alice.person))
    take(alice, LEAVE)
    forgetting.forget(alice.person)
    assert not Card.objects.exists()
    assert CardScan.objects.count() == 1
    assert not CardScan.objects.filter(card__volunteer__isnull=False).exists()
    assert not check(token).is_valid


def test_old_cards_go(alice):
    old, new = a_card(alice), a_card(alice)
    long_ago = timezone.now() - datetime.timedelta(days=3 * 366)
    Card.objects.filter(pk=old.pk).update(void_at=long_ago)
    (rule,) = [one for one in kept() if one.key == retained.CARDS]
    assert purge(rule) == 1
    assert list(Card.objects.all()) == [new]
