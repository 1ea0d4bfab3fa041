"""Calls that the town was asked to make to who reads no messages: pointless, they are asked of nobody any more."""

import datetime

import pytest
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.followups.models import FollowUp
from aid.help_requests.ageing import expire_passed
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import cancel, finish, give_up
from aid.notifications.models import Message
from aid.people.enums import Channel
from aid.proposals import jobs
from aid.proposals.models import Proposal
from aid.proposals.modes import change_mode, entrust
from aid.proposals.picking import propose_to
from aid.proposals.services import accept, ask_volunteers, choose, decline, withdraw
from harness.desk import make_account
from harness.loop import ALICE_PHONE, agree, jeanne, let_the_hour_pass, open_request, somebody, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LANDLINE, KARIM_PHONE = "+33199000001", "+33639980003"


def again(request):
    return HelpRequest.objects.get(pk=request.pk)


def calls(person):
    """What is to be said to somebody by telephone."""
    return [one.key.split(":")[1] for one in FollowUp.objects.open().filter(person=person, key__startswith="send:")]


def expire(request):
    HelpRequest.objects.filter(pk=request.pk).update(ends_at=timezone.now() - datetime.timedelta(days=2))
    expire_passed()


ENDS = {
    "cancelled": cancel,
    "given up": lambda request: give_up(request, words="Personne."),
    "expired": expire,
}


@pytest.fixture
def odile():
    """A volunteer who is phoned."""
    return volunteer("Odile", LANDLINE, channel=Channel.CALL)


@pytest.fixture
def proposed(odile):
    """Odile is to be called: would she go?"""
    request = open_request(jeanne())
    propose_to(request, [odile, volunteer("Karim", KARIM_PHONE)], by_account=make_account("agent@exemple.example"))
    assert calls(odile.person) == ["proposal"]
    return again(request)


@pytest.mark.parametrize("end", list(ENDS))
def test_nobody_is_called_to_go_where_nobody_is_wanted_any_more(proposed, odile, end):
    ENDS[end](proposed)
    assert "proposal" not in calls(odile.person)


def test_nobody_is_called_to_go_where_somebody_else_does_or_they_answered(proposed, odile):
    accept(Proposal.objects.get(request=proposed, volunteer__person__first_name="Karim"))
    assert calls(odile.person) == []
    other = open_request(somebody("Lise", "+33639980077"), people_needed=2)
    propose_to(other, [odile], by_account=make_account("autre@exemple.example"))
    accept(Proposal.objects.get(request=other, volunteer=odile))
    assert (again(other).state, "proposal" in calls(odile.person)) == (RequestState.OPEN, False)


@pytest.fixture
def candidates(town):
    """Odette is to be called: Alice puts herself forward."""
    odette = somebody("Odette", LANDLINE, channel=Channel.CALL)
    volunteer("Alice", ALICE_PHONE)
    request = open_request(odette, mode=Mode.CANDIDATES)
    ask_volunteers(request.pk)
    accept(Proposal.objects.get(request=request))
    assert calls(odette) == ["candidate"]
    return again(request)


@pytest.mark.parametrize("end", list(ENDS))
def test_who_asked_is_not_called_to_choose_for_nothing(candidates, end):
    ENDS[end](candidates)
    assert "candidate" not in calls(candidates.person)


def test_nor_once_it_is_chosen_or_nobody_is_left_to_choose(candidates):
    alice = Proposal.objects.get(request=candidates)
    decline(alice)
    assert calls(candidates.person) == []
    karim = Proposal.objects.create(request=candidates, volunteer=volunteer("Karim", KARIM_PHONE))
    accept(karim)
    assert calls(candidates.person) == ["candidate"]
    choose(karim)
    assert calls(candidates.person) == ["agreed"]


def test_who_went_is_not_called_once_it_is_said_how_it_ended(odile):
    for end in (lambda request: finish(request, minutes=30), lambda request: give_up(request, words="Absente.")):
        request = agree(open_request(somebody("Jeanne")), odile)
        let_the_hour_pass(request)
        jobs.ask_whether_done(request=request.pk)
        assert "end" in calls(odile.person)
        end(again(request))
        assert calls(odile.person) == []


def test_who_waits_is_not_called_about_a_desistance_once_another_goes():
    odette = somebody("Odette", LANDLINE, channel=Channel.CALL)
    request = agree(open_request(odette), volunteer("Alice", ALICE_PHONE))
    withdraw(Proposal.objects.get(request=request))
    assert calls(odette) == ["reopened"]
    agree(request, volunteer("Karim", KARIM_PHONE))
    assert calls(odette) == ["agreed"]


# --- Who is told


@pytest.mark.parametrize("end", ["given up", "expired"])
def test_who_put_themselves_forward_is_told_that_nobody_goes(candidates, end):
    let_the_hour_pass(candidates)
    ENDS[end](again(candidates))
    told = Message.objects.get(kind="taken")
    assert (told.recipient, "cela ne se fait pas" in told.body) == (ALICE_PHONE, True)


def test_given_up_before_its_hour_whoever_was_going_or_asked_is_told():
    alice = volunteer("Alice", ALICE_PHONE)
    volunteer("Karim", KARIM_PHONE)
    request = open_request(jeanne(), people_needed=2)
    ask_volunteers(request.pk)
    accept(Proposal.objects.get(request=request, volunteer=alice))
    give_up(again(request), words="Une grève.")
    for _ in range(2):
        jobs.tell_cancelled(request=request.pk)
    told = Message.objects.filter(kind="cancelled").values_list("recipient", flat=True)
    assert sorted(told) == [ALICE_PHONE, KARIM_PHONE]


def test_agents_read_what_became_of_who_never_answered():
    alice, karim = volunteer("Alice", ALICE_PHONE), volunteer("Karim", KARIM_PHONE)
    taken, passed = open_request(jeanne()), open_request(somebody("Lise"))
    for request in (taken, passed):
        ask_volunteers(request.pk)
    agree(taken, alice)
    expire(passed)
    theirs = Proposal.objects.filter(volunteer=karim).order_by("request")
    assert [one.answer_words.replace("\u00a0", " ") for one in theirs] == ["prévenu : déjà pourvu", "n’a pas répondu"]


# --- What is said stays to be said to those whom it still concerns


def test_who_still_goes_is_called_though_another_withdraws_and_the_new_pair_is_told(odile):
    asker = jeanne()
    request = open_request(asker, people_needed=2)
    for one in (odile, volunteer("Alice", ALICE_PHONE)):
        agree(request, one)
    assert calls(odile.person) == ["mission"]
    withdraw(Proposal.objects.get(request=request, volunteer__person__first_name="Alice"))
    assert calls(odile.person) == ["mission"], "Odile goes: she was not called yet"
    agree(request, volunteer("Karim", KARIM_PHONE))
    told = Message.objects.filter(kind="agreed", person=asker).order_by("pk")
    assert ["Alice" in one.body for one in told] == [True, False]
    assert "Karim" in told.last().body
    withdraw(Proposal.objects.get(request=request, volunteer=odile))
    assert "mission" not in calls(odile.person)


def test_nobody_is_called_about_a_way_of_finding_somebody_that_is_not_that_way_any_more():
    odette = somebody("Odette", LANDLINE, channel=Channel.CALL)
    agent = make_account("agent@exemple.example")
    for end in (lambda request: change_mode(request, Mode.FIRST_YES, by_account=agent), cancel):
        request = change_mode(open_request(odette), Mode.DIRECT, by_account=agent)
        assert calls(odette) == ["mode"]
        end(again(request))
        assert calls(odette) == []


def test_the_hour_of_the_coordinator_does_not_undo_what_an_agent_has_just_chosen():
    request = open_request(jeanne())
    since = request.steps.latest("pk").pk
    change_mode(request, Mode.DIRECT, by_account=make_account("agent@exemple.example"))
    entrust(request.pk, since=since)
    assert again(request).mode == Mode.DIRECT
    entrust(request.pk, since=request.steps.latest("pk").pk)
    assert again(request).mode == Mode.COORDINATOR
