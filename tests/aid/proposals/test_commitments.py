"""« J’y vais à chaque fois »: each day is theirs without being asked, they may leave one, and it ends at one word."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from aid.desk.deaths import note_death
from aid.help_requests import series as recurring
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.series_changes import amend
from aid.help_requests.times import town_now
from aid.moderation.enums import Reason, SanctionKind
from aid.moderation.models import Sanction
from aid.notifications.models import Message
from aid.offers.services import go_away
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.proposals.commitments import go_each_time, goes_each_time, may_go_each_time, stop_going_each_time
from aid.proposals.enums import Answer, Outcome, Way
from aid.proposals.models import Proposal
from aid.proposals.services import accept, withdraw
from aid.proposals.texts import answer_path, calendar_path
from harness import requests as make
from harness.databases import FIRST_TOWN
from harness.loop import volunteer
from harness.series import WEEK, a_day, a_series, asked, on, publish, wanted, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
SECOND = WEEK


@pytest.fixture
def agent():
    return Account.objects.create_account(email="agent@ville.example")


@pytest.fixture
def jeanne():
    return make.a_known_person()


@pytest.fixture
def series(jeanne, agent):
    return a_series(jeanne, agent)


@pytest.fixture
def alice():
    return volunteer("Alice", make.OTHER_MOBILE)


@pytest.fixture
def bernard():
    return volunteer("Bernard", "+33639980066")


def again(proposal: Proposal) -> Proposal:
    return Proposal.objects.with_page_related_data().get(pk=proposal.pk)


@pytest.fixture
def first(series, alice):
    """Alice goes on the first day."""
    proposal = asked(on(series, a_day()), alice)
    assert accept(proposal) is Outcome.ACCEPTED
    return again(proposal)


def test_each_day_is_theirs_and_both_are_told(series, alice, bernard, first, jeanne):
    assert may_go_each_time(first)
    assert go_each_time(first)
    assert goes_each_time(again(first))
    second = publish(on(series, a_day() + SECOND))
    assert (second.state, second.volunteer) == (RequestState.AGREED, alice)
    proposal = second.proposals.get()
    assert (proposal.volunteer, proposal.answer, proposal.way) == (alice, Answer.YES, Way.PICKED)
    assert Message.objects.filter(person=jeanne, kind="agreed").count() == 2
    assert Message.objects.filter(person=alice.person, kind="mission").count() == 2
    assert not bernard.proposals.filter(request=second).exists()


def test_a_day_that_looks_for_somebody_already_is_theirs_too(series, alice, first):
    second = publish(on(series, a_day() + SECOND))
    assert second.state == RequestState.OPEN
    go_each_time(first)
    second.refresh_from_db()
    assert (second.state, second.volunteer) == (RequestState.AGREED, alice)


def test_leaving_one_day_leaves_the_others(series, alice, bernard, first):
    go_each_time(first)
    second = publish(on(series, a_day() + SECOND))
    assert withdraw(second.proposals.get(volunteer=alice)) is Outcome.WITHDREW
    second.refresh_from_db()
    assert second.state == RequestState.OPEN
    assert accept(asked(second, bernard)) is Outcome.ACCEPTED
    third = publish(on(series, a_day() + 2 * WEEK))
    assert third.volunteer == alice


def test_others_are_asked_while_they_are_away_or_not_vouched_for(series, alice, bernard, first, agent):
    go_each_time(first)
    day = a_day() + SECOND
    go_away(alice, starts_on=day, ends_on=day)
    second = publish(on(series, day))
    assert (second.state, second.proposals.count()) == (RequestState.OPEN, 0)
    assert accept(asked(second, bernard)) is Outcome.ACCEPTED
    take(alice, SUSPEND, by_account=agent, words="Une plainte")
    third = publish(on(series, a_day() + 2 * WEEK))
    assert third.state == RequestState.OPEN
    # The place is free for somebody else.
    assert go_each_time(again(second.proposals.get(volunteer=bernard)))
    assert HelpSeries.objects.get().volunteer == bernard


def test_nobody_goes_each_time_to_who_is_excluded(series, alice, first, agent, jeanne):
    go_each_time(first)
    excluded = Sanction.objects.create(
        person=jeanne, kind=SanctionKind.EXCLUSION, reason=Reason.COMMERCE, words="Assez.", by_account=agent
    )
    second = publish(on(series, a_day() + SECOND))
    assert (second.state, second.proposals.count()) == (RequestState.OPEN, 0)
    Sanction.objects.filter(pk=excluded.pk).update(lifted_at=timezone.now(), lifted_by=agent)
    assert publish(on(series, a_day() + 2 * WEEK)).volunteer == alice


def test_where_several_are_needed_the_other_places_are_looked_for(jeanne, agent, alice, bernard):
    asked_for = make.asked_by_phone(jeanne, agent, day=a_day())
    HelpRequest.objects.filter(pk=asked_for.pk).update(people_needed=2)
    asked_for.refresh_from_db()
    series = recurring.begin(asked_for, weekly(asked_for.day), skips_holidays=False)
    for who in (alice, bernard):
        accept(asked(on(series, a_day()), who))
    go_each_time(again(on(series, a_day()).proposals.get(volunteer=alice)))
    second = publish(on(series, a_day() + SECOND))
    assert second.state == RequestState.OPEN
    assert list(second.proposals.yes().values_list("volunteer", flat=True)) == [alice.pk]
    assert accept(asked(second, bernard)) is Outcome.ACCEPTED


def test_only_who_goes_may_say_so_and_the_first_is_the_one(series, alice, bernard, first):
    second = publish(on(series, a_day() + SECOND))
    waiting = asked(second, bernard)
    assert not may_go_each_time(waiting)
    assert not go_each_time(waiting)
    accept(waiting)
    assert go_each_time(again(waiting))
    assert not go_each_time(again(first))
    stop_going_each_time(again(first))
    assert HelpSeries.objects.get().volunteer == bernard
    stop_going_each_time(again(waiting))
    assert HelpSeries.objects.get().volunteer is None
    second.refresh_from_db()
    assert second.state == RequestState.AGREED


def test_who_goes_each_time_is_told_that_it_ends(series, alice, first):
    go_each_time(first)
    recurring.end(HelpSeries.objects.get())
    told = Message.objects.filter(person=alice.person, key=f"series_ended:{series.pk}")
    assert "libre" in told.get().body
    assert not may_go_each_time(again(first))


def test_of_a_death_they_are_told_once(series, alice, first, jeanne, agent):
    go_each_time(first)
    note_death(jeanne, on=town_now().date(), by_account=agent)
    assert not Message.objects.filter(person=alice.person, key=f"series_ended:{series.pk}").exists()


def test_other_terms_are_another_promise(series, alice, first):
    go_each_time(first)
    series.refresh_from_db()
    amend(series, wanted(series, hour=datetime.time(9)))
    series.refresh_from_db()
    assert series.volunteer is None
    assert "à 9 h" in Message.objects.get(person=alice.person, kind="amended").body
    on(series, a_day()).refresh_from_db()
    assert on(series, a_day()).state == RequestState.AGREED


def test_the_page_of_the_mission_offers_it_and_takes_it_back(series, alice, bernard, first):
    browser = Client(headers={"host": FIRST_TOWN})
    path = answer_path(first)
    page = browser.get(path).content.decode()
    assert "Chaque " in page
    assert "J’y vais à chaque fois" in page
    assert browser.post(path, {"answer": "each_time"}).status_code == 302
    assert HelpSeries.objects.get().volunteer == alice
    assert "Ne plus y aller à chaque fois" in browser.get(path).content.decode()
    browser.post(path, {"answer": "not_each_time"})
    assert HelpSeries.objects.get().volunteer is None


def test_the_rendezvous_goes_in_a_calendar_and_names_nobody(series, first, bernard):
    answer = Client(headers={"host": FIRST_TOWN}).get(calendar_path(first))
    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    file = answer.content.decode()
    assert "BEGIN:VEVENT" in file
    assert str(on(series, a_day()).uid) in file
    for hidden in ("Jeanne", "rue Haute", "Sonnez"):
        assert hidden not in file
    waiting = asked(publish(on(series, a_day() + SECOND)), bernard)
    assert Client(headers={"host": FIRST_TOWN}).get(calendar_path(waiting)).status_code == 404
