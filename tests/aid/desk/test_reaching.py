"""Somebody without a number nor e-mail: who goes there, and the team, learn whom to call instead."""

import pytest

from accounts.roles import AGENTS
from aid.followups.enums import FollowUpKind
from aid.followups.services import ask
from aid.help_requests.enums import AskedBy
from aid.help_requests.services import SUBJECT
from aid.notifications.models import Message
from aid.people.enums import Channel
from aid.people.models import Person
from aid.proposals import jobs
from aid.proposals.models import Proposal
from aid.proposals.texts import answer_path
from aid.relations import services as relations
from aid.relations.enums import Consent, Kinship, Scope
from harness import databases
from harness.desk import make_account
from harness.loop import ALICE_PHONE, agree, open_request, somebody, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
CLAIRE_PHONE, CLAIRE_SAID = "+33639980005", "06 39 98 00 05"


@pytest.fixture
def odile():
    """She has neither number nor e-mail."""
    return somebody("Odile", last_name="Petit")


@pytest.fixture
def claire():
    return somebody("Claire", CLAIRE_PHONE, last_name="Durand")


def plain(words):
    return words.replace("\u00a0", " ").replace("’", "'")


def read_by_alice(request, visit):
    """What she is written, the day before too, and her page."""
    alice = volunteer("Alice", ALICE_PHONE, email="alice@exemple.example", channel=Channel.EMAIL)
    agree(request, alice)
    proposal = Proposal.objects.get(request=request)
    Proposal.objects.filter(pk=proposal.pk).update(answered_at="2026-01-01T00:00Z")
    jobs.remind()
    page = visit(databases.FIRST_TOWN).get(answer_path(proposal)).content.decode()
    written = Message.objects.filter(kind__in=["mission", "reminder"], person=alice.person).order_by("kind")
    assert [one.kind for one in written] == ["mission", "reminder"]
    return [plain(one.body) for one in written], plain(page)


def let_act(claire, odile):
    agent = make_account("nadia@ccas.example", AGENTS)
    relations.grant(
        representative=claire, principal=odile, scope=[Scope.REQUESTS], consent=Consent.BY_PHONE, by_account=agent
    )


@pytest.mark.parametrize("why", ["reads for her", "asked for her"])
def test_who_goes_is_given_the_number_of_who_answers_for_her(odile, claire, visit, why):
    asked = {"asked_by": AskedBy.RELATIVE, "asked_by_person": claire}
    if why == "reads for her":
        let_act(claire, odile)
        asked["asked_by_person"] = somebody("Yves", "+33639980006")
    letters, page = read_by_alice(open_request(odile, days=1, **asked), visit)
    for words in letters:
        assert f"Pour joindre Odile, appelez Claire : {CLAIRE_SAID}." in words
    assert "Claire" in page
    assert CLAIRE_SAID in page


def test_where_nobody_answers_for_her_the_town_does(odile, visit):
    letters, page = read_by_alice(open_request(odile, days=1), visit)
    for words in letters:
        assert "Pour joindre Odile, appelez-nous." in words
    assert "Appelez-nous" in page


def test_a_number_of_her_own_is_the_one_that_is_given(odile, claire, visit):
    let_act(claire, odile)
    Person.objects.filter(pk=odile.pk).update(phone="+33199000001")
    letters, page = read_by_alice(open_request(Person.objects.get(pk=odile.pk), days=1), visit)
    for words in [*letters, page]:
        assert CLAIRE_SAID not in words


@pytest.mark.parametrize("tie", ["mandate", "relative", "asked", "none"])
def test_who_is_to_be_called_has_somebody_to_call(odile, claire, visit, tie):
    request = open_request(odile, asked_by_person=claire if tie == "asked" else None)
    if tie == "mandate":
        let_act(claire, odile)
    if tie == "relative":
        relations.note_relative(odile, claire, kind=Kinship.DAUGHTER)
    # Another has a number, and a daughter who is not shown for it.
    jeanne = somebody("Jeanne", "+33639980001")
    relations.note_relative(jeanne, somebody("Louise", "+33639980007"), kind=Kinship.DAUGHTER)
    ask(kind=FollowUpKind.TO_CALL, person=jeanne, words="Rappeler.")
    asked = ask(kind=FollowUpKind.NOT_CLOSED, person=odile, subject=(SUBJECT, request.pk), words="Est-ce fait ?")
    browser = visit(databases.FIRST_TOWN)
    browser.force_login(make_account("karima@ccas.example", AGENTS))
    for path in ("/bureau/", "/bureau/suites/", f"/bureau/suite/{asked.uid}/"):
        page = plain(browser.get(path).content.decode())
        assert (f"tel:{CLAIRE_PHONE}" in page) == (tie != "none"), path
        assert "Louise" not in page
