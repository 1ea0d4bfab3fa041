"""The hour of a meeting: reminded of the day before, begun, and asked about afterwards, of both sides."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.feedback import say_how_it_went
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import cancel, finish, thank
from aid.help_requests.times import town_now
from aid.notifications.models import Message
from aid.onboarding.enums import SUSPEND
from aid.onboarding.models import Volunteer
from aid.onboarding.services import take
from aid.people.enums import Channel
from aid.proposals import jobs
from aid.proposals.enums import Outcome
from aid.proposals.models import Proposal
from aid.proposals.places import agree_with_fewer
from aid.proposals.services import accept, withdraw
from harness.desk import a_colleague
from harness.loop import (
    ADDRESS,
    ALICE_PHONE,
    DETAILS,
    JEANNE_PHONE,
    SURNAME,
    agree,
    jeanne,
    let_the_hour_pass,
    open_request,
    somebody,
    volunteer,
)
from harness.partners import a_partner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
KARIM_PHONE = "+33639980003"


def again(request):
    return HelpRequest.objects.get(pk=request.pk)


def agreed_before_today(request, *volunteers):
    """They say yes, some days ago."""
    for one in volunteers:
        accept(Proposal.objects.get_or_create(request=request, volunteer=one)[0])
    earlier = timezone.now() - datetime.timedelta(days=3)
    Proposal.objects.filter(request=request).update(answered_at=earlier)
    return again(request)


def told(kind):
    return {one.recipient: one.body.replace("\u00a0", " ") for one in Message.objects.filter(kind=kind)}


def to_do(kind):
    return [one.words for one in FollowUp.objects.open().filter(kind=kind)]


def it_is_time(request):
    """Its hour is a minute ago."""
    now = town_now() - datetime.timedelta(minutes=1)
    HelpRequest.objects.filter(pk=request.pk).update(day=now.date(), hour=now.time())


# --- The day before


def test_both_sides_are_reminded_once_of_who_when_and_where():
    request = agreed_before_today(open_request(jeanne(), days=1), volunteer("Alice", ALICE_PHONE))
    for _ in range(2):
        jobs.remind()
    reminded = told("reminder")
    assert set(reminded) == {JEANNE_PHONE, ALICE_PHONE}
    assert "Jeanne vous attend" in reminded[ALICE_PHONE]
    assert "Alice vient demain" in reminded[JEANNE_PHONE]
    assert "06 39 98 00 02" in reminded[JEANNE_PHONE]
    for words in reminded.values():
        assert "demain à 14 h" in words.lower()
        assert request.place in words
        assert not [canary for canary in (SURNAME, ADDRESS, DETAILS) if canary in words]


def test_who_is_phoned_is_to_be_called_once():
    odette = somebody("Odette", "+33199000001", channel=Channel.CALL)
    request = agreed_before_today(open_request(odette, days=1), volunteer("Alice", ALICE_PHONE))
    for _ in range(2):
        jobs.remind()
    assert set(told("reminder")) == {ALICE_PHONE}
    assert ["vient demain" in words for words in to_do(FollowUpKind.TO_CALL)].count(True) == 1
    cancel(request)
    assert to_do(FollowUpKind.TO_CALL) == [], "nobody comes any more: nobody is called for that"


@pytest.mark.parametrize("days", [0, 2])
def test_nothing_is_said_of_another_day(days):
    request = agreed_before_today(open_request(jeanne(), days=1), volunteer("Alice", ALICE_PHONE))
    HelpRequest.objects.filter(pk=request.pk).update(day=town_now().date() + datetime.timedelta(days=days))
    jobs.remind()
    assert told("reminder") == {}


def test_who_said_yes_today_knows_and_who_goes_no_more_is_left_in_peace():
    alice, karim = volunteer("Alice", ALICE_PHONE), volunteer("Karim", KARIM_PHONE)
    agree(open_request(jeanne(), days=1), alice)
    suspended = agreed_before_today(open_request(somebody("Odette"), days=1), karim)
    take(karim, SUSPEND)
    jobs.remind()
    assert told("reminder") == {}
    assert again(suspended).state == RequestState.AGREED


def test_who_said_yes_is_reminded_even_where_others_lack():
    request = open_request(jeanne(), days=1, people_needed=3)
    agreed_before_today(request, volunteer("Alice", ALICE_PHONE), volunteer("Karim", KARIM_PHONE))
    jobs.remind()
    reminded = told("reminder")
    assert set(reminded) == {JEANNE_PHONE, ALICE_PHONE, KARIM_PHONE}
    assert "Alice et Karim viennent demain" in reminded[JEANNE_PHONE]


def test_reminders_take_as_many_queries_for_one_as_for_ten():
    def queries(names):
        for name in names:
            number = Proposal.objects.count()
            asks = somebody(name, f"+33639981{number:03}")
            agreed_before_today(open_request(asks, days=1), volunteer(f"Voisine de {name}", f"+33639982{number:03}"))
        with CaptureQueriesContext(connection) as seen:
            jobs.remind()
        return len(seen)

    queries(["Zoé"])  # what is read once for all
    assert queries(["Jeanne"]) == queries([f"Habitante {number}" for number in range(10)])


# --- The hour


def test_at_its_hour_it_is_under_way_once_and_not_before():
    request = agree(open_request(jeanne()), volunteer("Alice", ALICE_PHONE))
    jobs.begin(request=request.pk)
    assert again(request).state == RequestState.AGREED
    it_is_time(request)
    for _ in range(2):
        jobs.begin(request=request.pk)
    assert again(request).state == RequestState.UNDER_WAY
    assert request.steps.filter(name="begin").count() == 1
    assert finish(again(request), minutes=30).state == RequestState.DONE


@pytest.mark.parametrize("how", ["hour", "agent"])
def test_who_is_left_of_several_holds_the_first_place(how):
    request = open_request(jeanne(), people_needed=3)
    alice, karim = (
        Proposal.objects.create(request=request, volunteer=one)
        for one in (volunteer("Alice", ALICE_PHONE), volunteer("Karim", KARIM_PHONE))
    )
    for one in (alice, karim):
        accept(one)
    withdraw(Proposal.objects.get(pk=alice.pk))
    assert Proposal.objects.yes().get().seat == 2
    if how == "hour":
        it_is_time(request)
        jobs.begin(request=request.pk)
    else:
        agree_with_fewer(request, by_account=a_colleague())
    left = Proposal.objects.yes().get()
    assert (left.volunteer, left.seat, again(request).people_needed) == (karim.volunteer, 1, 1)


def test_a_day_that_was_put_off_is_waited_for(monkeypatch):
    request = agree(open_request(jeanne(), days=4), volunteer("Alice", ALICE_PHONE))
    later = []
    monkeypatch.setattr(jobs.begin, "defer", lambda *, request, schedule_at: later.append((request, schedule_at)))
    jobs.begin(request=request.pk)
    ((number, due),) = later
    assert (number, due.date(), due.hour) == (request.pk, request.day, 14)


def test_at_its_hour_those_who_said_yes_go_and_the_town_knows_who_lacks():
    alice, karim = volunteer("Alice", ALICE_PHONE), volunteer("Karim", KARIM_PHONE)
    request = open_request(jeanne(), people_needed=4)
    for one in (alice, karim):
        accept(Proposal.objects.create(request=request, volunteer=one))
    assert again(request).state == RequestState.OPEN
    it_is_time(request)
    for _ in range(2):
        jobs.begin(request=request.pk)
    begun = again(request)
    assert (begun.state, begun.volunteer) == (RequestState.UNDER_WAY, alice)
    assert "Alice et Karim" in told("agreed")[JEANNE_PHONE]
    (words,) = to_do(FollowUpKind.UNANSWERED)
    assert "manque 2 bénévoles" in words
    late = volunteer("Lucie", "+33639980004")
    assert accept(Proposal.objects.create(request=request, volunteer=late)) is Outcome.TOO_LATE


def test_at_its_hour_without_a_yes_nothing_begins():
    request = open_request(jeanne())
    it_is_time(request)
    jobs.begin(request=request.pk)
    assert again(request).state == RequestState.OPEN


# --- Afterwards


@pytest.fixture
def ended():
    """Alice went; its hour has passed, and nobody has said anything."""
    request = agree(open_request(jeanne()), volunteer("Alice", ALICE_PHONE))
    let_the_hour_pass(request)
    jobs.begin(request=request.pk)
    return again(request)


def test_both_are_asked_once_how_it_went(ended):
    for _ in range(2):
        jobs.ask_whether_done(request=ended.pk)
    assert "C’est fait ?" in told("end")[ALICE_PHONE].replace("'", "’")
    (words,) = told("how").values()
    assert "/suivi/" in words
    assert Message.objects.filter(kind="how").count() == 1
    assert not [canary for canary in (SURNAME, ADDRESS, DETAILS) if canary in words]


def test_nobody_is_called_to_be_asked(ended):
    ended.person.channel = Channel.CALL
    ended.person.save()
    jobs.ask_whether_done(request=ended.pk)
    assert told("how") == {}
    assert to_do(FollowUpKind.TO_CALL) == []


def test_the_silence_of_both_is_told_to_the_town(ended):
    for _ in range(2):
        jobs.notice_no_end(request=ended.pk)
    (words,) = to_do(FollowUpKind.NOT_CLOSED)
    assert "Personne n’a dit" in words


def test_her_yes_closes_it_at_its_usual_length(ended):
    say_how_it_went(ended, went_well=True, by_person=ended.person)
    assert again(ended).state == RequestState.UNDER_WAY, "who went may still say how long it took"
    for _ in range(2):
        jobs.notice_no_end(request=ended.pk)
    done = again(ended)
    assert (done.state, done.minutes) == (RequestState.DONE, done.kind.usual_minutes)
    assert to_do(FollowUpKind.NOT_CLOSED) == []


def test_her_no_is_called_about_and_still_to_close(ended):
    say_how_it_went(ended, went_well=False, words="Elle n’est pas venue.", by_person=ended.person)
    jobs.notice_no_end(request=ended.pk)
    assert ["Elle n’est pas venue." in words for words in to_do(FollowUpKind.TO_CALL)] == [True]
    assert ["ne s’est pas bien passé" in words for words in to_do(FollowUpKind.NOT_CLOSED)] == [True]
    assert again(ended).state == RequestState.UNDER_WAY


def test_she_may_thank_all_who_went():
    alice, karim = volunteer("Alice", ALICE_PHONE), volunteer("Karim", KARIM_PHONE)
    request = open_request(jeanne(), people_needed=2)
    for one in (alice, karim):
        accept(Proposal.objects.create(request=request, volunteer=one))
    assert not again(request).may_thank
    done = finish(again(request), minutes=30)
    assert done.may_thank
    assert "Alice et Karim nous disent que c'est fait" in told("thank")[JEANNE_PHONE].replace("’", "'")
    assert not thank(done, words="").may_thank
    assert {ALICE_PHONE, KARIM_PHONE} <= set(told("thanks"))


def test_the_reminder_says_for_whom_somebody_comes():
    alice = volunteer("Alice", ALICE_PHONE)
    Volunteer.objects.filter(pk=alice.pk).update(speaks_for=a_partner("Les Petits Frères"))
    agreed_before_today(open_request(jeanne(), days=1), alice)
    jobs.remind()
    assert "Alice, pour Les Petits Frères vient demain" in told("reminder")[JEANNE_PHONE]


def test_nobody_is_asked_about_what_did_not_hold():
    request = agree(open_request(jeanne()), volunteer("Alice", ALICE_PHONE))
    withdraw(Proposal.objects.get(request=request))
    for job in (jobs.ask_whether_done, jobs.notice_no_end):
        job(request=request.pk)
    assert (told("end"), told("how"), to_do(FollowUpKind.NOT_CLOSED)) == ({}, {}, [])
