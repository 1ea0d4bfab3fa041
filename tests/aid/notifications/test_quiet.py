"""Quiet hours, and the SMS of a month."""

import datetime
import zoneinfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from aid.configuration.models import Rules
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications import ceiling, delivering
from aid.notifications.enums import CODE, MessageState
from aid.notifications.models import Message, SmsDay
from aid.notifications.quiet import quiet_until, waits_until
from aid.notifications.services import send, send_code
from aid.notifications.words import Words
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import register_person

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
WORDS = Words(subject="Un mot", body="Un mot", sms="Un mot")
MOBILE = "+33639980001"


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """In November 2026: the 23rd is a Monday, the 29th a Sunday."""
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def rules(start=21, end=8, sundays=False) -> Rules:
    return Rules(quiet_from=start, quiet_until=end, is_quiet_on_sundays=sundays)


@pytest.mark.parametrize(
    ("now", "known", "end"),
    [
        (at(24, 20, 59), rules(), None),
        (at(24, 21), rules(), at(25, 8)),
        (at(24, 0), rules(), at(24, 8)),
        (at(24, 7, 59), rules(), at(24, 8)),
        (at(24, 8), rules(), None),
        (at(24, 13), rules(12, 14), at(24, 14)),
        (at(24, 23), rules(12, 14), None),
        (at(24, 3), rules(0, 0), None),
        (at(29, 12), rules(), None),
        (at(29, 12), rules(sundays=True), at(30, 8)),
        (at(28, 22), rules(sundays=True), at(30, 8)),
        (at(28, 20), rules(sundays=True), None),
        (at(29, 12), rules(0, 0, sundays=True), at(30, 0)),
    ],
)
def test_nights_and_sundays(now, known, end):
    with timezone.override(PARIS):
        assert quiet_until(known, now) == end


@given(
    minutes=st.integers(0, 2 * 366 * 24 * 60),
    start=st.integers(0, 23),
    end=st.integers(0, 23),
    sundays=st.booleans(),
)
def test_the_end_comes_soon_and_is_not_quiet(minutes, start, end, sundays):
    now = at(1, 0) + datetime.timedelta(minutes=minutes)
    with timezone.override(PARIS):
        known = rules(start, end, sundays)
        morning = quiet_until(known, now)
        if morning is not None:
            assert now < morning <= now + datetime.timedelta(days=3)
            assert quiet_until(known, morning) is None


@pytest.mark.parametrize(
    ("message", "waits"),
    [
        (Message(channel=Channel.SMS, kind="agreed"), True),
        (Message(channel=Channel.EMAIL, kind="agreed"), False),
        (Message(channel=Channel.SMS, kind=CODE), False),
        (Message(channel=Channel.SMS, kind="reply"), False),
        (Message(channel=Channel.SMS, kind="proposal", needed_by=at(25, 9)), False),
        (Message(channel=Channel.SMS, kind="proposal", needed_by=at(27, 9)), True),
    ],
)
def test_what_waits(settings, message, waits):
    settings.OUTBOX = False
    with timezone.override(PARIS):
        assert waits_until(message, rules(), at(24, 23)) == (at(25, 8) if waits else None)


@pytest.fixture
def at_night(town, settings, monkeypatch):
    settings.OUTBOX = False
    now = at(24, 23)
    monkeypatch.setattr(timezone, "now", lambda: now)
    with timezone.override(PARIS):
        yield now


@pytest.mark.django_db
def test_it_is_taken_up_in_the_morning_and_counts_nothing_before(at_night):
    message = send(person=register_person(first_name="Jeanne", phone=MOBILE), kind="agreed", key="a:1", words=WORDS)
    asked_again = []
    assert delivering.claim(message.pk, again=asked_again.append) is None
    assert asked_again == [at(25, 8)]
    message.refresh_from_db()
    assert (message.state, message.tries, SmsDay.objects.exists()) == (MessageState.QUEUED, 0, False)
    send_code(channel="sms", recipient=MOBILE, subject="", body="123456", key="code:1")
    assert delivering.claim(Message.objects.get(kind=CODE).pk, again=asked_again.append) is not None


# --- The month

DAY = datetime.date(2026, 11, 24)


@pytest.fixture
def noon(town, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(24, 12))
    with timezone.override(PARIS):
        SmsDay.objects.create(day=DAY.replace(day=1), taken=7)
        SmsDay.objects.create(day=DAY - datetime.timedelta(days=30), taken=400)
        Rules.objects.update_or_create(pk=1, defaults={"sms_monthly_budget": 10, "sms_daily_ceiling": 500})
        yield


def taken(count, kind="agreed", body="Bonjour"):
    return [ceiling.take_place(Message(kind=kind, body=body)) for _ in range(count)]


@pytest.mark.django_db
def test_a_month_has_a_budget_and_the_town_is_warned_once(noon):
    assert taken(5) == [True] * 3 + [False] * 2
    assert ceiling.is_month_spent(Message(kind="agreed", body="Bonjour"))
    assert taken(3, kind=CODE) == [True, True, False], "codes have a reserve, with an end"
    (warning,) = FollowUp.objects.filter(kind=FollowUpKind.SMS_BUDGET)
    assert "8 SMS" in warning.words
    assert "sur 10" in warning.words


@pytest.mark.django_db
def test_a_long_sms_is_paid_twice(noon):
    assert taken(2, body="a" * 200) == [True, False]
    assert SmsDay.objects.get(day=DAY).taken == 2


@pytest.mark.django_db
def test_what_is_over_the_budget_is_held_and_said_by_telephone(noon):
    SmsDay.objects.update(taken=10)
    message = send(person=register_person(first_name="Jeanne", phone=MOBILE), kind="agreed", key="a:1", words=WORDS)
    assert delivering.claim(message.pk, again=pytest.fail) is None
    message.refresh_from_db()
    assert message.state == MessageState.HELD
    assert {one.kind for one in FollowUp.objects.all()} == {FollowUpKind.TO_CALL, FollowUpKind.SMS_CEILING}
    assert "du mois" in FollowUp.objects.get(kind=FollowUpKind.SMS_CEILING).words
    assert Person.objects.get() == FollowUp.objects.get(kind=FollowUpKind.TO_CALL).person


@pytest.mark.django_db
def test_without_a_budget_a_month_has_no_end(noon):
    Rules.objects.update(sms_monthly_budget=None)
    assert taken(5) == [True] * 5
    assert not ceiling.is_month_spent(Message(kind="agreed", body="Bonjour"))
    assert not FollowUp.objects.exists()
