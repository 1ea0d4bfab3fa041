"""The personal link: opens without signing in, changes nothing by being looked at, and says no more than it must."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.facts.services import figures
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests import services as requests
from aid.help_requests.enums import Reason, RequestState
from aid.help_requests.models import HelpRequest, RequestStep
from aid.help_requests.texts import follow_path
from aid.notifications.models import Message
from aid.onboarding.enums import REINSTATE, SUSPEND, StepKind, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import take
from aid.privacy.services import accesses_to
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from aid.proposals.texts import answer_path
from core.links import token_for
from harness import databases
from harness.loop import (
    ADDRESS,
    ALICE_PHONE,
    DETAILS,
    JEANNE_PHONE,
    SURNAME,
    jeanne,
    let_the_hour_pass,
    open_request,
    volunteer,
)
from harness.steps import a_step, without_steps
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONE_DISPLAYED = "06\u00a039\u00a098\u00a000\u00a001"
CANARIES = (SURNAME, ADDRESS, DETAILS, JEANNE_PHONE, PHONE_DISPLAYED, "Jeanne")
MOST_QUERIES = 5


@pytest.fixture
def alice(visit):
    """Her browser, on her link to Jeanne's request."""
    return link_of(volunteer("Alice", ALICE_PHONE), open_request(jeanne()), visit)


@pytest.fixture
def lucie(alice, visit):
    """Another volunteer, asked about the same request."""
    return link_of(volunteer("Lucie", "+33639980003"), alice.request, visit)


class Link:
    """A volunteer's browser on a personal link."""

    def __init__(self, proposal: Proposal, client: Client) -> None:
        self.proposal, self.client, self.path = proposal, client, answer_path(proposal)
        self.request = proposal.request

    def page(self):
        """What the link shows, as words; None where it shows nothing."""
        answer = self.client.get(self.path)
        return answer.content.decode() if answer.status_code == 200 else None

    def say(self, said, **fields):
        """Press a button, and read the page that follows."""
        answer = self.client.post(self.path, {"answer": said, **fields}, follow=True)
        assert answer.status_code in {200, 422}
        return answer.content.decode()

    @property
    def answer(self):
        return Proposal.objects.get(pk=self.proposal.pk).answer


def link_of(someone, asked, visit):
    ask_volunteers(asked.pk)
    return Link(Proposal.objects.get(volunteer=someone, request=asked), visit(databases.FIRST_TOWN))


def title(page):
    return re.search(r"<h1>(.*?)</h1>", page).group(1)


def test_looking_changes_nothing_and_tells_nothing(alice):
    for _ in range(3):
        page = alice.page()
        assert title(page) == "Pouvez-vous y aller\u00a0?"
        assert alice.request.place in page
        for canary in CANARIES:
            assert canary not in page
    head = alice.client.head(alice.path)
    assert (head.status_code, alice.answer, Message.objects.filter(kind="mission").count()) == (200, Answer.ASKED, 0)


def test_the_page_asks_little_of_the_town_and_is_kept_by_nobody(alice):
    alice.page()
    with CaptureQueriesContext(connection) as log:
        answer = alice.client.get(alice.path)
    # The town is found before it is entered; the transaction of a test makes savepoints of the request's.
    in_town = [
        one["sql"] for one in log.captured_queries if "SAVEPOINT" not in one["sql"] and "find_host" not in one["sql"]
    ]
    assert len(in_town) <= MOST_QUERIES, in_town
    assert "no-store" in answer["Cache-Control"]
    # « no-referrer » would make browsers send « Origin: null », and the CSRF check refuse every button.
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_yes_opens_what_who_goes_must_know(alice):
    page = alice.say("yes")
    assert title(page) == "Merci, vous y allez\u00a0!"
    for told in ("Jeanne", PHONE_DISPLAYED, JEANNE_PHONE, ADDRESS, DETAILS):
        assert told in page
    assert SURNAME not in page
    assert (alice.answer, HelpRequest.objects.get().volunteer) == (Answer.YES, alice.proposal.volunteer)
    assert alice.say("yes") == alice.page(), "pressing twice is pressing once"
    assert alice.say("no") == alice.page(), "who goes calls, rather than vanish by a button"
    assert Message.objects.filter(kind="mission").count() == 1
    assert RequestStep.objects.filter(name="agree").get().by_person == alice.proposal.volunteer.person


def test_a_yes_that_comes_too_late_is_thanked_and_kept(alice, lucie):
    before = lucie.page()
    alice.say("yes")
    assert "button" in before
    assert title(lucie.page()) == title(lucie.say("yes")) == "Déjà pourvu, merci\u00a0!"
    assert (lucie.answer, alice.answer) == (Answer.TOO_LATE, Answer.YES)
    for canary in CANARIES:
        assert canary not in lucie.page()


def test_a_no_is_thanked_and_kept(alice):
    page = alice.say("no")
    assert title(page) == "Merci d’avoir répondu"
    assert page.count("Ce sera pour une autre fois") == 1
    alice.say("yes")
    assert (alice.answer, HelpRequest.objects.get().state) == (Answer.NO, RequestState.OPEN)
    for canary in CANARIES:
        assert canary not in alice.page()


def test_it_is_done_and_lasted_so_long(alice):
    alice.say("yes")
    assert "C’est fait" not in alice.page()
    assert title(alice.say("done", duration="30")) == "Merci, vous y allez\u00a0!", "not before the hour"
    let_the_hour_pass(alice.request)
    assert title(alice.page()) == "C’est fait\u00a0?"
    before = figures()
    page = alice.say("done", duration="other", other_minutes="45", words="Tout va bien")
    assert title(page) == "Merci\u00a0!"
    assert "45\u00a0minutes" in page
    asked = HelpRequest.objects.get()
    assert (asked.state, asked.minutes, asked.closing_words) == (RequestState.DONE, 45, "Tout va bien")
    assert figures().services == before.services + 1
    alice.say("done", duration="60")
    assert HelpRequest.objects.get().minutes == 45
    for hidden in (ADDRESS, DETAILS, PHONE_DISPLAYED):
        assert hidden not in alice.page(), "what served the visit closes with it"
    requests.thank(asked, words="Merci beaucoup Alice")
    assert "Merci beaucoup Alice" in alice.page()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, "Choisissez une durée"),
        ({"duration": "other"}, "Écrivez un nombre de minutes"),
        ({"duration": "other", "other_minutes": "longtemps"}, "Écrivez un nombre de minutes"),
        ({"duration": "other", "other_minutes": "0"}, "Écrivez un nombre entre 1 et 1440"),
        ({"duration": "other", "other_minutes": "99999999999"}, "Écrivez un nombre entre 1 et 1440"),
        ({"duration": "30", "words": "x" * 601}, "Écrivez 600 caractères au plus"),
    ],
)
def test_an_end_that_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(alice, fields, refusal):
    alice.say("yes")
    let_the_hour_pass(alice.request)
    page = alice.say("done", **{"words": "Un mot gardé", **fields})
    assert refusal in page
    assert fields.get("words", "Un mot gardé") in page
    assert fields.get("other_minutes", "") in page
    assert HelpRequest.objects.get().state == RequestState.AGREED


def test_it_did_not_take_place_and_the_town_is_told_why(alice):
    alice.say("yes")
    let_the_hour_pass(alice.request)
    assert "Choisissez ce qui s’est passé" in alice.say("not_held", reason="une fable", story="Un mot gardé")
    assert "Écrivez en quelques mots pourquoi" in alice.say("not_held", reason="other", story=" ")
    page = alice.say("not_held", reason="nobody_home", story="Personne n’a ouvert <b>")
    assert title(page) == "C’est noté"
    assert (HelpRequest.objects.get().state, HelpRequest.objects.get().reason) == (RequestState.UNMET, "nobody_home")
    followup = FollowUp.objects.open().get(kind=FollowUpKind.NOT_CLOSED)
    assert "Personne n’a ouvert" in followup.words


def test_each_end_is_said_kindly(alice, lucie):
    alice.say("yes")
    requests.cancel(alice.request)
    for link in (alice, lucie):
        page = link.say("yes")
        assert title(page) == "Demande annulée"
        for canary in CANARIES:
            assert canary not in page
    assert lucie.answer == Answer.ASKED


def test_a_request_whose_hour_has_passed_waits_for_nobody(alice):
    let_the_hour_pass(alice.request)
    assert title(alice.say("yes")) == title(alice.page()) == "C’est passé"
    assert HelpRequest.objects.get().state == RequestState.OPEN
    requests.give_up(alice.request, words="Personne n’est venu")
    assert title(alice.page()) == "C’est passé"


def test_who_is_no_longer_admitted_calls_first(alice):
    Volunteer.objects.update(state=VolunteerState.ON_LEAVE)
    page = alice.say("yes")
    assert title(page) == "Parlons-en d’abord"
    assert str(alice.request.kind) not in page
    assert alice.answer == Answer.ASKED
    Volunteer.objects.update(state=VolunteerState.ADMITTED)
    assert title(alice.say("yes")) == "Merci, vous y allez\u00a0!"


@pytest.mark.parametrize("said", ["", "maybe", "YES"])
def test_a_button_that_is_not_ours_changes_nothing(alice, said):
    assert title(alice.say(said)) == "Pouvez-vous y aller\u00a0?"
    assert alice.answer == Answer.ASKED


def test_a_link_that_is_not_ours_is_not_there(alice, lucie, visit, other_town):
    token = token_for("answer", alice.proposal.pk)
    forged = [
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.replace(f"{alice.proposal.pk}-", f"{lucie.proposal.pk}-", 1),
        token_for("follow", alice.proposal.pk),
        token_for("answer", 10**9),
        f"{alice.proposal.pk}",
        "x",
        "é-é",
    ]
    with facing(other_town):
        forged.append(token_for("answer", alice.proposal.pk))
    for wrong in forged:
        for ask in (alice.client.get, alice.client.post):
            answer = ask(f"/reponse/{wrong}/", {"answer": "yes"})
            assert answer.status_code == 404, wrong
    assert visit(databases.SECOND_TOWN).post(alice.path, {"answer": "yes"}).status_code == 404
    assert alice.answer == Answer.ASKED


def test_a_button_without_its_page_is_refused(alice):
    strict = Client(headers={"host": databases.FIRST_TOWN}, enforce_csrf_checks=True)
    assert strict.post(alice.path, {"answer": "yes"}).status_code == 403
    assert alice.answer == Answer.ASKED


def test_an_agent_s_yes_by_telephone_is_the_same_yes(alice, lucie):
    assert accept(alice.proposal) == "accepted"
    assert accept(lucie.proposal) == "too_late"


def test_a_suspended_volunteer_s_link_opens_to_a_calm_page_before_and_after_her_yes(alice, lucie):
    take(alice.proposal.volunteer, SUSPEND)
    assert "Parlons-en d’abord" in alice.page()
    assert "Parlons-en d’abord" in alice.say("yes")
    assert alice.answer == Answer.ASKED
    lucie.say("yes")
    assert ADDRESS in lucie.page()
    take(lucie.proposal.volunteer, SUSPEND)
    page = lucie.page()
    assert "Parlons-en d’abord" in page
    assert [one for one in CANARIES if one in page] == []
    assert "Parlons-en d’abord" in lucie.say("done", minutes="60")
    assert HelpRequest.objects.get(pk=lucie.request.pk).state == RequestState.AGREED
    take(lucie.proposal.volunteer, REINSTATE)
    assert ADDRESS in lucie.page()


def test_who_lacks_a_step_cannot_say_yes_and_keeps_what_they_agreed_to(alice, lucie):
    lucie.say("yes")
    without_steps()
    a_step(StepKind.RECORD, "Casier")
    assert ADDRESS in lucie.page(), "a human looks into it: she may still be awaited"
    # Nobody goes any more: it is open again.
    Proposal.objects.filter(pk=lucie.proposal.pk).update(answer=Answer.NO, seat=None)
    HelpRequest.objects.filter(pk=alice.request.pk).update(state=RequestState.OPEN, volunteer=None)
    assert "Parlons-en d’abord" in alice.say("yes")
    assert alice.answer == Answer.ASKED


def test_some_days_later_the_link_still_asks_how_it_was_and_shows_neither_address_nor_number(alice):
    alice.say("yes")

    def ended(days):
        ends_at = timezone.now() - datetime.timedelta(days=days)
        HelpRequest.objects.filter(pk=alice.request.pk).update(day=ends_at.date(), ends_at=ends_at)
        return alice.page()

    assert all(canary in ended(13) for canary in (ADDRESS, DETAILS, JEANNE_PHONE))
    read = accesses_to(alice.request.person).count()
    page = ended(15)
    assert not [canary for canary in (SURNAME, ADDRESS, DETAILS, JEANNE_PHONE, PHONE_DISPLAYED) if canary in page]
    assert accesses_to(alice.request.person).count() == read, "nothing of her was read"
    assert "Vous avez fait du bien" in alice.say("done", duration="60")


def test_without_news_both_pages_say_no_more_than_is_known(alice):
    alice.say("yes")
    HelpRequest.objects.filter(pk=alice.request.pk).update(state=RequestState.EXPIRED, reason=Reason.NO_NEWS)
    page = alice.page()
    assert "C’est passé" in page
    assert not [canary for canary in CANARIES if canary in page]
    hers = alice.client.get(follow_path(alice.request)).content.decode()
    assert "Personne ne nous a dit" in hers
    assert "personne n’a pu venir" not in hers
