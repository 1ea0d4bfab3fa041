"""What nights do: a day that passed without anybody, and what was done a month ago."""

import datetime

import pytest
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests import services
from aid.help_requests.enums import Reason, RequestState
from aid.help_requests.jobs import grow_old
from aid.help_requests.models import HelpRequest, RequestStep
from aid.help_requests.retained import old_requests
from aid.notifications.models import Message
from aid.offers.services import volunteers_for
from aid.proposals.enums import Outcome
from aid.proposals.jobs import notice_no_end, notice_silence
from aid.proposals.models import Proposal
from harness.loop import ALICE_PHONE, agree, jeanne, open_request, request_of, somebody, volunteer
from tenants import rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def ended(request, **ago):
    HelpRequest.objects.filter(pk=request.pk).update(ends_at=timezone.now() - datetime.timedelta(**ago))
    return request


def state(request):
    return HelpRequest.objects.get(pk=request.pk).state


@pytest.fixture
def clock(monkeypatch):
    """Days that go by."""
    usual, gone = timezone.now, [0]
    monkeypatch.setattr(timezone, "now", lambda: usual() + datetime.timedelta(days=gone[0]))

    def go_by(days):
        gone[0] += days

    return go_by


def test_it_is_done_each_night():
    assert rounds._nightly["help_requests.grow_old"] is grow_old


@pytest.mark.parametrize("make", [open_request, request_of])
def test_a_day_after_its_end_what_nobody_took_is_over_and_the_town_calls(make):
    request = ended(make(jeanne()), hours=23)
    notice_silence(request=request.pk)
    grow_old()
    assert state(request) != RequestState.EXPIRED
    ended(request, hours=25)
    for _ in range(2):
        grow_old()
    expired = HelpRequest.objects.get(pk=request.pk)
    assert (expired.state, expired.reason) == (RequestState.EXPIRED, Reason.TIME_PASSED)
    assert request.steps.filter(name="expire").count() == 1
    followup = FollowUp.objects.open().get()
    assert (followup.kind, followup.person, followup.subject_id) == (FollowUpKind.TO_CALL, request.person, request.pk)


def test_who_is_there_is_not_taken_for_nobody():
    going = ended(agree(open_request(jeanne()), volunteer("Alice", ALICE_PHONE)), days=3)
    grow_old()
    assert state(going) == RequestState.AGREED


def test_one_that_moves_meanwhile_keeps_nobody_from_the_others(monkeypatch):
    first, second = (ended(open_request(somebody(name)), days=2) for name in ("Jeanne", "Odette"))
    from aid.help_requests import ageing

    usual = ageing._numbers

    def cancelled_meanwhile(requests):
        numbers = usual(requests)
        services.cancel(first) if first.pk in numbers else None
        return numbers

    monkeypatch.setattr(ageing, "_numbers", cancelled_meanwhile)
    assert ageing.expire_passed() == 1
    assert (state(first), state(second)) == (RequestState.CANCELLED, RequestState.EXPIRED)


@pytest.mark.parametrize("is_thanked", [True, False])
def test_what_was_done_is_filed_after_thirty_quiet_days(clock, is_thanked):
    request = ended(agree(open_request(jeanne()), volunteer("Alice", ALICE_PHONE)), hours=2)
    services.finish(request, minutes=30)
    if is_thanked:
        services.thank(request, words="Merci")
    was = state(request)
    # A colleague writes a line on the last day.
    in_time = timezone.now() + datetime.timedelta(days=29)
    RequestStep.objects.create(request=request, name="note", to_state=was, at=in_time)
    clock(31)
    grow_old()
    assert state(request) == was
    clock(29)
    for _ in range(2):
        grow_old()
    assert state(request) == RequestState.CLOSED
    assert RequestStep.objects.filter(request=request, name="close").count() == 1
    assert services.thank(request, words="Encore merci").state == RequestState.CLOSED


def test_what_nobody_says_anything_of_is_over_after_sixty_quiet_days_and_the_town_is_told(clock):
    alice = volunteer("Alice", ALICE_PHONE)
    alice.offer.at_once_limit = 1
    alice.offer.save()
    request = ended(agree(open_request(jeanne()), alice), hours=2)
    notice_no_end(request=request.pk)
    written = Message.objects.count()
    in_time = timezone.now() + datetime.timedelta(days=10)
    RequestStep.objects.create(request=request, name="note", to_state=RequestState.AGREED, at=in_time)
    clock(61)
    grow_old()
    assert state(request) == RequestState.AGREED, "somebody wrote of it since"
    assert alice not in volunteers_for(kind=request.kind)
    clock(10)
    for _ in range(2):
        grow_old()
    lost = HelpRequest.objects.get(pk=request.pk)
    assert (lost.state, lost.reason) == (RequestState.EXPIRED, Reason.NO_NEWS)
    assert request.steps.filter(name="lose_track").count() == 1
    followup = FollowUp.objects.open().get()
    assert (followup.kind, followup.person, followup.subject_id) == (
        FollowUpKind.NOT_CLOSED,
        request.person,
        request.pk,
    )
    assert "Sans nouvelles" in followup.words
    assert Message.objects.count() == written
    assert Proposal.objects.get(request=request).outcome is Outcome.EXPIRED
    assert alice in volunteers_for(kind=request.kind), "she waits for nothing any more"
    assert lost in old_requests(timezone.now())
    assert not old_requests(timezone.now() - datetime.timedelta(days=90)).exists()
