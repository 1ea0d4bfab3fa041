"""Two who do not want to meet any more, after one was asked about the other's need: a yes leads nowhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.configuration.enums import Mode
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.company import company_of
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError
from aid.moderation import blocks
from aid.notifications.models import Message
from aid.proposals import jobs
from aid.proposals.access import proposal_or_404, proposals_of
from aid.proposals.enums import Answer, Outcome, Way
from aid.proposals.models import Proposal
from aid.proposals.replies import answer_by_sms
from aid.proposals.services import accept, ask_volunteers, choose
from aid.proposals.texts import PURPOSE, answer_path
from core.links import token_for
from harness import databases
from harness.loop import (
    ADDRESS,
    ALICE_PHONE,
    JEANNE_PHONE,
    SURNAME,
    agree,
    jeanne,
    open_request,
    somebody,
    volunteer,
)
from harness.messages import deliver_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture(params=["asker", "volunteer"])
def part(request):
    """Have two part, as one or the other says it; then the job that looks at it."""

    def apart(asker, helper):
        one, other = (asker, helper) if request.param == "asker" else (helper, asker)
        blocks.block(blocker=one, blocked=other)
        for _ in range(2):
            jobs.part(one=one.pk, other=other.pk)

    return apart


def asked_about(request, name):
    return Proposal.objects.get(request=request, volunteer__person__first_name=name)


def state(request):
    return HelpRequest.objects.get(pk=request.pk).state


def to_review():
    return [one.words for one in FollowUp.objects.open().filter(kind=FollowUpKind.ONBOARDING)]


def test_a_yes_said_after_it_leads_nowhere_by_link_and_by_the_code_of_an_sms(part, visit):
    alice, lucie, her = volunteer("Alice", ALICE_PHONE), volunteer("Lucie", "+33639980003"), jeanne()
    request = open_request(her)
    ask_volunteers(request.pk)
    deliver_all()
    part(her, alice.person)
    hers, browser = asked_about(request, "Alice"), visit(databases.FIRST_TOWN)
    page = browser.post(answer_path(hers), {"answer": "yes"}, follow=True).content.decode()
    back = answer_by_sms(ALICE_PHONE, f"oui {hers.code}", None)
    assert (asked_about(request, "Alice").answer, state(request)) == (Answer.ASKED, RequestState.OPEN)
    for words in (page, back):
        assert "n’attend plus de réponse" in words
        assert not [canary for canary in (SURNAME, ADDRESS, JEANNE_PHONE, "inscription") if canary in words]
    assert answer_by_sms(ALICE_PHONE, "oui", Message.objects.last_sms_at(ALICE_PHONE)) is None, "nothing of hers waits"
    # Another's yes is one.
    answer_by_sms(lucie.person.phone, f"oui {asked_about(request, 'Lucie').code}", None)
    assert state(request) == RequestState.AGREED
    assert to_review() == []
    jobs.tell_others(request=request.pk)
    assert not Message.objects.filter(kind="taken").exists(), "she hears no more of it"


def test_who_put_themselves_forward_is_shown_and_chosen_no_more(part):
    alice, lucie, her = volunteer("Alice", ALICE_PHONE), volunteer("Lucie", "+33639980003"), jeanne()
    request = open_request(her, mode=Mode.CANDIDATES)
    for one in (alice, lucie):
        assert accept(Proposal.objects.create(request=request, volunteer=one)) is Outcome.CANDIDATE
    part(her, alice.person)
    request.refresh_from_db()
    assert [one.first_name for one in company_of(request).candidates] == ["Lucie"]
    with pytest.raises(NotAllowedError):
        choose(asked_about(request, "Alice"), by_person=her)
    assert not proposals_of(alice.person)
    assert state(request) == RequestState.PROPOSED
    choose(asked_about(request, "Lucie"), by_person=her)
    assert state(request) == RequestState.AGREED


def test_where_only_that_one_was_awaited_somebody_else_is_looked_for(part):
    alice, her = volunteer("Alice", ALICE_PHONE), jeanne()
    request = open_request(her, mode=Mode.CANDIDATES)
    accept(Proposal.objects.create(request=request, volunteer=alice))
    assert state(request) == RequestState.PROPOSED
    part(her, alice.person)
    assert state(request) == RequestState.OPEN


def test_a_yes_said_before_is_for_the_team_to_look_at_and_neither_is_told(part):
    alice, her = volunteer("Alice", ALICE_PHONE), jeanne()
    request, elsewhere = agree(open_request(her), alice), agree(open_request(somebody("Odette")), alice)
    written = Message.objects.count()
    part(her, alice.person)
    (words,) = to_review()
    assert "ne dites à aucun des deux" in words
    assert not [name for name in ("Jeanne", "Alice") if name in words], "who said so is nobody's to read"
    assert FollowUp.objects.get(kind=FollowUpKind.ONBOARDING).subject_id == request.pk
    assert (state(request), state(elsewhere)) == (RequestState.AGREED, RequestState.AGREED)
    assert Message.objects.count() == written


def test_who_thinks_better_of_it_may_be_answered_again():
    alice, her = volunteer("Alice", ALICE_PHONE), jeanne()
    request = open_request(her)
    ask_volunteers(request.pk)
    blocks.block(blocker=her, blocked=alice.person)
    blocks.unblock(blocker=her, blocked=alice.person)
    jobs.part(one=her.pk, other=alice.person.pk)
    assert to_review() == []
    assert accept(asked_about(request, "Alice")) is Outcome.ACCEPTED


def test_it_costs_no_query_of_its_own():
    alice, her = volunteer("Alice", ALICE_PHONE), jeanne()
    proposal = Proposal.objects.create(request=open_request(her), volunteer=alice, way=Way.PICKED)

    def asks():
        with CaptureQueriesContext(connection) as seen:
            outcome = proposal_or_404(token_for(PURPOSE, proposal.pk)).outcome
        return outcome, len(seen)

    before = asks()
    blocks.block(blocker=her, blocked=alice.person)
    assert (before, asks()) == ((Outcome.TO_ANSWER, 1), (Outcome.EXPIRED, 1))
