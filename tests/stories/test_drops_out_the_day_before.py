"""The first yes: Alice has it, and cannot go the day before. Jeanne is told, Lucie who came too late is asked first."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import follow_path
from aid.notifications.models import Message
from aid.proposals import services
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.texts import answer_path
from harness.databases import FIRST_TOWN
from harness.loop import ALICE_PHONE, JEANNE_PHONE, jeanne, let_the_hour_pass, open_request, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LUCIE_PHONE, KARIM_PHONE = "+33639980003", "+33639980004"


@pytest.fixture
def asked():
    """For the next hours, with three volunteers who were asked: the desk has little time."""
    for name, phone in (("Alice", ALICE_PHONE), ("Lucie", LUCIE_PHONE), ("Karim", KARIM_PHONE)):
        volunteer(name, phone)
    soon = timezone.localtime() + datetime.timedelta(hours=3)
    request = open_request(jeanne(), day=soon.date(), hour=soon.time(), ends_at=soon + datetime.timedelta(hours=1))
    services.ask_volunteers(request.pk)
    return request


def link(name):
    return answer_path(Proposal.objects.get(volunteer__person__first_name=name))


def browser():
    return Client(headers={"host": FIRST_TOWN})


def told(phone, kind):
    return Message.objects.filter(recipient=phone, kind=kind).count()


def test_the_place_is_free_again_and_who_wanted_it_is_asked_first(asked):
    browser().post(link("Alice"), {"answer": "yes"})
    services.tell_others(HelpRequest.objects.get())
    browser().post(link("Lucie"), {"answer": "yes"})
    browser().post(link("Karim"), {"answer": "no"})
    assert Proposal.objects.get(volunteer__person__first_name="Lucie").answer == Answer.TOO_LATE
    # Only who goes withdraws.
    for name in ("Lucie", "Karim"):
        assert browser().post(f"{link(name)}desistement/")["Location"] == link(name)
    assert HelpRequest.objects.get().state == RequestState.AGREED
    refused = browser().post(f"{link('Alice')}desistement/", {"words": "x" * 601})
    assert (refused.status_code, HelpRequest.objects.get().state) == (422, RequestState.AGREED)
    assert "x" * 601 in refused.content.decode()

    browser().post(f"{link('Alice')}desistement/")
    request = HelpRequest.objects.get()
    assert (request.state, request.volunteer) == (RequestState.OPEN, None)
    assert "Alice ne peut plus venir" in browser().get(follow_path(request)).content.decode()
    assert told(JEANNE_PHONE, "reopened") == 1
    late = FollowUp.objects.open().get(kind=FollowUpKind.UNANSWERED)
    assert "Désistement tardif" in late.words
    assert services.ask_again(request.pk) == 1
    assert (told(LUCIE_PHONE, "proposal"), told(KARIM_PHONE, "proposal"), told(ALICE_PHONE, "proposal")) == (2, 1, 1)
    browser().post(link("Lucie"), {"answer": "yes"})
    assert "Lucie vient vous aider" in browser().get(follow_path(request)).content.decode()
    assert (told(JEANNE_PHONE, "agreed"), FollowUp.objects.open().filter(kind=FollowUpKind.UNANSWERED).exists()) == (
        2,
        False,
    )


def test_once_it_is_over_nobody_drops_out(asked):
    browser().post(link("Alice"), {"answer": "yes"})
    let_the_hour_pass(asked)
    page = browser().get(link("Alice")).content.decode()
    assert "Je ne peux plus y aller" not in page
    assert "Je n’ai pas pu y aller" in page
    assert browser().post(f"{link('Alice')}desistement/")["Location"] == link("Alice")
    assert HelpRequest.objects.get().state == RequestState.AGREED
    browser().post(link("Alice"), {"answer": "not_held", "reason": "nobody_came"})
    request = HelpRequest.objects.get()
    assert (request.state, request.reason) == (RequestState.UNMET, "nobody_came")
