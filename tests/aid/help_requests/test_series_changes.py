"""What comes again is changed from now on: days that wait follow, what was agreed stays; who asked is asked anew."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Account
from aid.help_requests import amending
from aid.help_requests import series as recurring
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.series_changes import amend
from aid.help_requests.transitions import NotAllowedError
from aid.notifications.models import Message
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.services import accept
from core.recurrence import Recurrence
from harness import requests as make
from harness.loop import agree, volunteer
from harness.series import WEEK, a_day, a_series, asked, on, publish, states, wanted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def agent():
    return Account.objects.create_account(email="agent@ville.example")


@pytest.fixture
def series(agent):
    return a_series(make.a_known_person(), agent, hour=datetime.time(14))


def test_days_that_wait_follow_and_what_was_agreed_or_moved_stays(series, agent):
    alice = volunteer("Alice", make.OTHER_MOBILE)
    agreed = agree(on(series, a_day()), alice)
    moved = on(series, a_day() + 2 * WEEK)
    HelpRequest.objects.filter(pk=moved.pk).update(day=moved.day + datetime.timedelta(days=1))
    looking = publish(on(series, a_day() + WEEK))
    asked(looking, alice)
    amend(series, wanted(series, hour=datetime.time(10), details="Prenez l’escalier"), by_account=agent)
    for one, hour in ((agreed, 14), (moved, 14), (looking, 10), (on(series, a_day() + 3 * WEEK), 10)):
        one.refresh_from_db()
        assert one.hour == datetime.time(hour), one.day
    assert looking.details == "Prenez l’escalier"
    assert looking.ends_at.astimezone().date() == looking.day
    # Who was asked already is asked whether that suits them.
    assert Proposal.objects.get(request=looking, volunteer=alice).times_asked == 2
    assert looking.steps.last().by_account == agent


def test_who_said_yes_to_a_day_that_still_looks_for_another_is_asked_anew(agent):
    series = a_series(make.a_known_person(), agent, hour=datetime.time(14), people_needed=2)
    alice = volunteer("Alice", make.OTHER_MOBILE)
    yes = asked(on(series, a_day()), alice)
    assert accept(yes) is Outcome.ACCEPTED
    amend(series, wanted(series, hour=datetime.time(10)), by_account=agent)
    yes.refresh_from_db()
    assert (yes.answer, yes.seat, yes.times_asked, on(series, a_day()).hour) == (
        Answer.ASKED,
        None,
        2,
        datetime.time(10),
    )
    assert "Changé" in Message.objects.filter(person=alice.person, kind="proposal").latest("pk").body


def test_a_day_that_was_changed_by_itself_is_left(series, agent):
    first, second = on(series, a_day()), on(series, a_day() + WEEK)
    amending.amend(first, make.a_need(kind=first.kind, day=first.day, hour=datetime.time(16), commune=first.commune))
    before = first.steps.count()
    amend(series, wanted(series, hour=datetime.time(10)), by_account=agent)
    for one, hour in ((first, 16), (second, 10)):
        one.refresh_from_db()
        assert one.hour == datetime.time(hour), one.day
    assert first.steps.count() == before
    # Days that followed once follow again.
    amend(series, wanted(series, hour=datetime.time(11)), by_account=agent)
    second.refresh_from_db()
    assert second.hour == datetime.time(11)
    other = Recurrence(((a_day().weekday() + 1) % 7,))
    amend(series, wanted(series, rule=other), by_account=agent)
    first.refresh_from_db()
    assert first.state == RequestState.OPEN


def test_days_that_are_none_of_its_own_any_more_are_called_off_and_others_written(series, agent):
    other = (a_day().weekday() + 1) % 7
    amended = amend(series, wanted(series, rule=Recurrence((other,))), by_account=agent)
    assert amended.rule == f"FREQ=WEEKLY;BYDAY={['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][other]}"
    assert on(series, a_day()).state == RequestState.CANCELLED
    standing = series.requests.exclude(state=RequestState.CANCELLED)
    assert {one.day.weekday() for one in standing} == {other}
    assert standing.count() >= 3


def test_what_is_the_same_changes_nothing(series, agent):
    before = (states(series), list(series.requests.values_list("pk", flat=True)), Message.objects.count())
    amend(series, wanted(series), by_account=agent)
    after = (states(series), list(series.requests.values_list("pk", flat=True)), Message.objects.count())
    assert before == after


@pytest.mark.parametrize(
    ("changes", "field"), [({"details": "x" * 1001}, "details"), ({"notice_days": 0}, "__all__"), ({}, "until")]
)
def test_what_cannot_be_is_refused_by_field_and_changes_nothing(series, changes, field):
    rule = series.recurrence if changes else Recurrence((a_day().weekday(),), until=a_day(-1))
    with pytest.raises(ValidationError) as refused:
        amend(series, wanted(series, rule=rule, **changes))
    assert field in refused.value.message_dict
    series.refresh_from_db()
    assert (series.details, series.notice_days) == ("Sonnez fort", 7)


def test_an_ended_one_is_not_changed(series):
    recurring.end(series)
    with pytest.raises(NotAllowedError, match="arrêtée"):
        amend(series, wanted(series))
