"""Needs that come again: each day is a request of its own, written once, looked for in time, ended at one word."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account
from aid.desk.deaths import note_death
from aid.help_requests import series as recurring
from aid.help_requests import services
from aid.help_requests.enums import Reason, RequestState, SeriesState
from aid.help_requests.jobs import draw_one, draw_series
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.retained import delete_series, old_series
from aid.help_requests.times import town_now
from aid.help_requests.transitions import NotAllowedError
from aid.notifications.models import Message
from aid.privacy import consents, forgetting
from aid.privacy.enums import ConsentKind
from core.recurrence import Recurrence, monthly_like
from harness import requests as make
from harness.loop import agree, visits, volunteer
from harness.requests import LANDLINE
from harness.series import WEEK, a_day, a_series, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def agent():
    return Account.objects.create_account(email="agent@ville.example")


@pytest.fixture
def jeanne():
    return make.a_known_person()


@pytest.fixture
def series(jeanne, agent):
    """A visit each week from three days on, holidays or not."""
    return a_series(jeanne, agent)


def days(series, *states):
    found = series.requests.filter(state__in=states) if states else series.requests.all()
    return list(found.order_by("day").values_list("day", flat=True))


def test_the_four_weeks_to_come_are_written_ahead_and_those_near_look_for_somebody(series):
    first = a_day()
    assert series.state == SeriesState.RUNNING
    assert days(series) == [first + number * WEEK for number in range(4)]
    assert days(series, RequestState.OPEN) == [first]
    later = series.requests.get(day=first + WEEK)
    assert (later.state, later.details, later.address) == (RequestState.DRAFT, "Sonnez fort", "3 rue Haute")
    assert (later.consent, later.mode, later.kind) == ("spoken", visits().mode, visits())
    assert later.ends_at.date() == later.day


def test_whatever_runs_again_changes_nothing(series):
    before = list(series.requests.order_by("pk").values_list("pk", "state"))
    assert recurring.draw(series.pk) == 0
    draw_one(number=series.pk)
    draw_series()
    first = series.requests.get(day=a_day())
    assert recurring.begin(first, weekly(first.day)) == series
    assert list(series.requests.order_by("pk").values_list("pk", "state")) == before
    assert HelpSeries.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(series=series).update(occurrence_on=a_day())


def test_somebody_is_looked_for_as_long_before_as_was_said(series):
    HelpSeries.objects.filter(pk=series.pk).update(notice_days=15)
    recurring.draw(series.pk)
    assert days(series, RequestState.OPEN) == [a_day(), a_day() + WEEK]
    assert [step.name for step in series.requests.get(day=a_day() + WEEK).steps.all()] == ["ask", "publish"]


def test_the_rule_must_give_its_first_day_and_end_after_it(jeanne, agent):
    first = make.asked_by_phone(jeanne, agent, day=a_day())
    another = Recurrence(((first.day.weekday() + 1) % 7,))
    with pytest.raises(ValidationError) as refused:
        recurring.begin(first, another)
    assert "weekdays" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        recurring.begin(first, weekly(first.day, until=first.day))
    assert "until" in refused.value.message_dict
    services.cancel(first)
    with pytest.raises(NotAllowedError):
        recurring.begin(first, weekly(first.day))
    assert not HelpSeries.objects.exists()


def test_nothing_more_is_written_before_the_number_is_confirmed():
    asked = make.asked_online(phone="06 39 98 07 07", day=a_day(2))
    series = recurring.begin(asked, weekly(asked.day))
    assert (series.state, series.requests.count()) == (SeriesState.TO_CHECK, 1)
    recurring.draw(series.pk)
    assert series.requests.count() == 1
    assert services.confirm_by_code(asked, typed=make.code_sent_to("+33639980707"))
    recurring.draw(series.pk)
    series.refresh_from_db()
    assert series.state == SeriesState.RUNNING
    assert series.requests.count() > 1


def test_a_number_that_is_never_confirmed_begins_nothing(agent):
    asked = make.asked_online(phone=LANDLINE, day=a_day(2))
    series = recurring.begin(asked, weekly(asked.day))
    services.cancel(asked, by_account=agent)
    recurring.draw(series.pk)
    series.refresh_from_db()
    assert (series.state, series.requests.count()) == (SeriesState.ENDED, 1)


def test_holidays_of_the_place_are_left_out(jeanne, agent, monkeypatch):
    first = make.asked_by_phone(jeanne, agent, day=a_day())
    holiday = first.day + WEEK
    asked = []

    def holidays(begins, ends, department):
        asked.append(department)
        return {holiday} if begins <= holiday <= ends else set()

    monkeypatch.setattr(recurring.public_holidays, "between", holidays)
    series = recurring.begin(first, weekly(first.day))
    assert days(series) == [first.day, first.day + 2 * WEEK, first.day + 3 * WEEK]
    assert set(asked) == {first.commune.commune.department_id}
    assert [one.day for one in recurring.occurrences(series) if one.is_skipped] == [holiday]
    with_holidays = make.asked_by_phone(jeanne, agent, day=a_day(), details="Aussi les jours fériés")
    assert holiday in days(recurring.begin(with_holidays, weekly(first.day), skips_holidays=False))


def test_one_day_is_skipped_whether_written_or_not_and_whoever_goes_is_told(series, agent):
    first = series.requests.get(day=a_day())
    agree(first, volunteer("Alice", make.OTHER_MOBILE))
    recurring.skip(series, first.day, by_account=agent)
    first.refresh_from_db()
    assert (first.state, first.reason) == (RequestState.CANCELLED, Reason.IMPEDED)
    far = a_day() + 6 * WEEK
    recurring.skip(series, far)
    series.refresh_from_db()
    assert series.skips == [first.day, far]
    assert far not in recurring.days_to_come(series, first=a_day(), last=far + WEEK)
    assert days(series, RequestState.DRAFT) == [a_day() + number * WEEK for number in (1, 2, 3)]
    for wrong in (a_day(4), a_day(-4), a_day() - WEEK):
        with pytest.raises(ValidationError):
            recurring.skip(series, wrong)


def test_what_is_called_off_or_moved_by_itself_stays_so(series):
    second, third = series.requests.get(day=a_day() + WEEK), series.requests.get(day=a_day() + 2 * WEEK)
    services.cancel(second)
    HelpRequest.objects.filter(pk=third.pk).update(day=third.day + datetime.timedelta(days=1))
    assert recurring.draw(series.pk) == 0
    assert series.requests.filter(day=third.day).count() == 0
    assert series.requests.exclude(state=RequestState.CANCELLED).count() == 3


def test_a_pause_calls_off_the_days_that_come_near_and_keeps_what_was_agreed(series, agent):
    first = agree(series.requests.get(day=a_day()), volunteer("Alice", make.OTHER_MOBILE))
    paused = recurring.pause(series)
    with pytest.raises(NotAllowedError, match="en pause"):
        recurring.pause(series)
    HelpSeries.objects.filter(pk=series.pk).update(notice_days=11)
    assert recurring.draw(series.pk) == 0
    first.refresh_from_db()
    assert first.state == RequestState.AGREED
    assert days(series, RequestState.CANCELLED) == [a_day() + WEEK]
    resumed = recurring.resume(paused)
    assert resumed.state == SeriesState.RUNNING
    assert days(series, RequestState.DRAFT) == [a_day() + 2 * WEEK, a_day() + 3 * WEEK]
    with pytest.raises(NotAllowedError):
        recurring.resume(resumed)


def test_ending_calls_off_all_that_is_to_come(series, agent):
    recurring.end(series, by_account=agent, words="Sa sœur emménage.")
    assert days(series, RequestState.CANCELLED) == days(series)
    assert series.requests.first().steps.get(name="cancel").by_account == agent
    assert recurring.draw(series.pk) == 0
    recurring.end(series)
    for refused in (lambda: recurring.skip(series, a_day()), lambda: recurring.resume(series)):
        with pytest.raises(NotAllowedError, match="arrêtée"):
            refused()


def test_what_took_place_is_not_called_off(series):
    first = agree(series.requests.get(day=a_day()), volunteer("Alice", make.OTHER_MOBILE))
    HelpRequest.objects.filter(pk=first.pk).update(ends_at=town_now() - datetime.timedelta(hours=1))
    recurring.end(series)
    first.refresh_from_db()
    assert first.state == RequestState.AGREED


@pytest.mark.parametrize("is_under_way", [True, False])
def test_what_has_begun_is_not_skipped(series, is_under_way):
    first = agree(series.requests.get(day=a_day()), volunteer("Alice", make.OTHER_MOBILE))
    past = {"ends_at": town_now() - datetime.timedelta(hours=1)}
    HelpRequest.objects.filter(pk=first.pk).update(**({"state": RequestState.UNDER_WAY} if is_under_way else past))
    assert not recurring.occurrences(series)[0].may_be_skipped
    assert recurring.occurrences(series)[1].may_be_skipped
    with pytest.raises(ValidationError, match="déjà commencé"):
        recurring.skip(series, first.day)
    series.refresh_from_db()
    assert series.skips == []


def test_a_rule_that_is_over_ends_by_itself(jeanne, agent):
    first = make.asked_by_phone(jeanne, agent, day=a_day())
    series = recurring.begin(first, weekly(first.day, count=3), skips_holidays=False)
    assert series.requests.count() == 3
    HelpSeries.objects.filter(pk=series.pk).update(starts_on=first.day - 5 * WEEK)
    recurring.draw(series.pk)
    series.refresh_from_db()
    assert series.state == SeriesState.RUNNING  # a day that was moved is still to be published
    series.requests.update(day=first.day - 3 * WEEK)
    recurring.draw(series.pk)
    series.refresh_from_db()
    assert (series.state, bool(series.ended_at)) == (SeriesState.ENDED, True)


def test_nobody_who_died_or_took_back_their_agreement_is_visited_each_week(series, jeanne, agent):
    other = make.a_known_person(first_name="Odette", phone="+33639980044")
    first = make.asked_by_phone(other, agent, day=a_day())
    hers = recurring.begin(first, weekly(first.day))
    consents.withdraw(other, kind=ConsentKind.ASK, how="spoken", by_account=agent)
    note_death(jeanne, on=town_now().date(), by_account=agent)
    for one in (series, hers):
        one.refresh_from_db()
        assert one.state == SeriesState.ENDED
        assert not one.requests.exclude(state=RequestState.CANCELLED).exists()


def test_it_stands_in_the_way_of_forgetting_then_goes_and_what_was_done_stays(series, jeanne, agent):
    assert "qui revient" in " ".join(one.words for one in forgetting.in_the_way(jeanne))
    recurring.end(series)
    assert forgetting.in_the_way(jeanne) == []
    kept = series.requests.count()
    forgetting.forget(jeanne)
    assert not HelpSeries.objects.exists()
    assert HelpRequest.objects.filter(series=None, occurrence_on__isnull=False).count() == kept


def test_an_ended_one_is_kept_for_as_long_as_its_words(series):
    later = town_now() + datetime.timedelta(days=1)
    assert not old_series(later).exists()
    recurring.end(series)
    assert list(old_series(later)) == [series]
    assert not old_series(town_now() - datetime.timedelta(days=1)).exists()
    delete_series([series.pk])
    assert HelpRequest.objects.filter(series=None).exists()


def test_nobody_is_written_to_about_a_day_that_is_only_planned(series):
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert kinds <= {"noted"}


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2), st.integers(1, 3))
def test_its_days_are_those_of_its_rule_and_no_other(ahead, sort, every):
    with transaction.atomic():
        day = a_day(ahead)
        rule = monthly_like(day) if sort == 2 else weekly(day, every=every)
        if rule.days(day, first=day, last=day) == [day]:
            person = make.a_known_person(first_name="Ida")
            agent = Account.objects.create_account(email="hypothese@ville.example")
            first = make.asked_by_phone(person, agent, day=day)
            series = recurring.begin(first, rule, skips_holidays=False)
            last = town_now().date() + recurring.AHEAD
            wanted = {day, *rule.days(day, first=town_now().date() + datetime.timedelta(days=1), last=last)}
            assert days(series) == sorted(wanted)
        transaction.set_rollback(True)
