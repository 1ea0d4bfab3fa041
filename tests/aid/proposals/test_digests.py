"""The digest of a week: what a volunteer has not answered; never empty."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.notifications.digests import send_digests
from aid.notifications.models import Message
from aid.people.enums import Channel
from aid.people.models import Person
from aid.proposals.models import Proposal
from aid.proposals.services import ask_volunteers, decline
from harness.loop import ALICE_PHONE, SURNAME, jeanne, open_request, somebody, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture
def readers():
    """Alice reads e-mails, Lucie gets SMS; both were asked for two visits."""
    volunteer("Alice", ALICE_PHONE, email="alice@voisins.example", channel=Channel.EMAIL)
    volunteer("Lucie", "+33639980003", email="lucie@voisins.example")
    for person in (jeanne(), somebody("Odette", "+33639980005")):
        ask_volunteers(open_request(person).pk)


def digests():
    return list(Message.objects.filter(kind="digest"))


def test_once_a_week_who_reads_it_is_told_what_still_waits(readers):
    assert send_digests(MONDAY) == 1
    assert send_digests(MONDAY) == 0
    (digest,) = digests()
    assert digest.person.first_name == "Alice"
    assert digest.body.count("/reponse/") == 2
    assert not any(name in digest.body + digest.subject for name in ("Jeanne", "Odette", SURNAME))
    assert send_digests(MONDAY + datetime.timedelta(days=1)) == 0
    assert send_digests(MONDAY + datetime.timedelta(days=7)) == 1


def test_nothing_to_tell_is_not_sent(readers):
    for proposal in Proposal.objects.filter(volunteer__person__first_name="Alice"):
        decline(proposal)
    somebody("Paul", email="paul@voisins.example", channel=Channel.EMAIL)
    assert send_digests(MONDAY) == 0
    assert digests() == []


def test_it_is_chosen_and_refused(readers):
    Person.objects.filter(first_name="Alice").update(channels={"digest": "none"})
    Person.objects.filter(first_name="Lucie").update(channels={"digest": "email"})
    send_digests(MONDAY)
    assert [one.person.first_name for one in digests()] == ["Lucie"]


def test_many_needs_and_many_readers_are_as_few_queries(readers):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as found:
            send_digests(MONDAY)
        Message.objects.filter(kind="digest").delete()
        return len(found)

    before = count()
    for number in range(3):
        volunteer(f"Benoît {number}", f"+3363998010{number}", email=f"b{number}@voisins.example", channel=Channel.EMAIL)
    ask_volunteers(open_request(somebody("Irma", "+33639980006")).pk)
    assert count() == before
