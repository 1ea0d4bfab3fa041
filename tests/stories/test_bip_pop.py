"""Seed 004, fiche 1: Jeanne asks, Alice comes; by the site, then by telephone, with a worker that really runs.

Each step is a function. What is typed goes through HTTP; what time does, the clock of the queue does.
"""

import asyncio
import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.db.models import Max, Q, QuerySet
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.roles import AGENTS
from aid.configuration.models import KindOfHelp
from aid.facts.services import Figures, figures
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import OVER, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import cancel
from aid.notifications.models import Message
from aid.notifications.services import receive_reply
from aid.people.models import Person
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.territory.models import CoveredCommune
from harness import databases
from harness.loop import ADDRESS, ALICE_PHONE, DETAILS, JEANNE_PHONE, SURNAME, let_the_hour_pass, visits, volunteer
from harness.towns import entry_of
from tenants import walls
from tenants.context import town_context
from tenants.management.commands.worker import work
from tenants.registry import TownEntry

HOST = databases.FIRST_TOWN
LUCIE_PHONE, KARIM_PHONE, LANDLINE = "+33639980003", "+33639980004", "01 99 00 12 34"
TEMPLATE_OF_LINK = r"/{}/[\w-]+/"
AGENT = "agent@exemple.example"
LATER = {
    "proposals.notice_silence",
    "proposals.ask_whether_done",
    "proposals.notice_no_end",
    "proposals.ask_next",
}


class Story:
    """One story in the town: what it reads is what happened since it began."""

    def __init__(self, town: TownEntry) -> None:
        self.town = town
        self.last = self.ask(lambda: Message.objects.aggregate(last=Max("pk", default=0))["last"])

    def ask(self, question: Callable[[], Any]) -> Any:
        """What is so in the town."""
        with town_context(self.town):
            return question()

    def told(self, kind: str) -> set[str]:
        """The numbers that got a message of a kind."""
        return self.ask(lambda: {one.recipient for one in self._messages(kind=kind)})

    def words_to(self, phone: str, kind: str) -> str:
        """The only message of a kind that somebody got."""
        return self.ask(lambda: self._messages(kind=kind, recipient=phone).get().body)

    def waiting(self, kind: FollowUpKind, asked: HelpRequest) -> list[str]:
        """The words of what waits for an agent about a request, or about who asked."""
        about = Q(subject_kind="help_request", subject_id=asked.pk) | Q(subject_id=None, person=asked.person)
        return self.ask(lambda: [one.words for one in FollowUp.objects.open().filter(about, kind=kind)])

    def _messages(self, **known: str) -> QuerySet[Message]:
        return Message.objects.filter(pk__gt=self.last, **known)


@pytest.fixture
def story(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """Pont-Sainte-Maxence with three volunteers and an agent, where everything really commits."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    town = entry_of(HOST)
    with town_context(town):
        for name, phone in (("Alice", ALICE_PHONE), ("Lucie", LUCIE_PHONE), ("Karim", KARIM_PHONE)):
            if not Person.objects.filter(phone=phone).exists():
                volunteer(name, phone)
        agent, _ = Account.objects.get_or_create(email=AGENT)
        agent.groups.set([Group.objects.get(name=AGENTS)])
        # What another story left open would have Lucie's « oui » mean two things.
        for request in HelpRequest.objects.exclude(state__in=OVER):
            cancel(request)
    run_jobs()
    yield Story(town)
    connection.close()


def browser() -> Client:
    """Somebody's browser on the town's site."""
    return Client(headers={"host": HOST})


def run_jobs() -> None:
    """The worker does what is due, and what that asks for."""
    for _ in range(3):
        asyncio.run(work(concurrency=1, wait=False))


def let_time_pass(*tasks: str) -> None:
    """Jobs that were put off until some hour are due now."""
    with walls.provisioning():
        for task in tasks:
            assert task in LATER
            walls.run(f"UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = '{task}'")  # ours, above
    run_jobs()


def link(words: str, door: str) -> str:
    """The path of a personal link in a message."""
    return re.search(TEMPLATE_OF_LINK.format(door), words).group()


def page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return answer.content.decode()


# --- On the site


def jeanne_asks(client: Client, slug: str) -> None:
    """Three steps: what; when and where; how to reach her."""
    steps = (
        ("/demander/", {"kind": slug}, "/demander/quand/"),
        (
            "/demander/quand/",
            {"day_choice": "tomorrow", "day": "", "moment": "hour", "hour": "14:00", "address": ADDRESS},
            "/demander/vous/",
        ),
        (
            "/demander/vous/",
            {"first_name": "Jeanne", "last_name": SURNAME, "phone": "06 39 98 00 01", "details": DETAILS},
            "/demander/code/",
        ),
    )
    for path, typed, then in steps:
        assert client.get(path).status_code == 200
        answer = client.post(path, typed)
        assert answer.headers.get("Location") == then, answer.content.decode()


def jeanne_types_her_code(story: Story, client: Client) -> str:
    """The six digits of the SMS; answers the path where she follows her request."""
    code = re.search(r"\b\d{6}\b", story.words_to(JEANNE_PHONE, "code")).group()
    answer = client.post("/demander/code/", {"code": code})
    return re.fullmatch(TEMPLATE_OF_LINK.format("suivi"), answer["Location"]).group()


def test_jeanne_asks_on_the_site_and_alice_comes(story):
    before, shown = story.ask(figures), page(browser(), "/")
    hers = browser()
    jeanne_asks(hers, story.ask(visits).slug)
    run_jobs()
    asked = story.ask(lambda: HelpRequest.objects.select_related("person").get(person__phone=JEANNE_PHONE))
    assert asked.state == RequestState.TO_CHECK
    assert story.told("proposal") == set(), "nobody is asked before her number is confirmed"

    following = jeanne_types_her_code(story, hers)
    run_jobs()
    assert story.told("proposal") == {ALICE_PHONE, LUCIE_PHONE, KARIM_PHONE}
    links = {phone: link(story.words_to(phone, "proposal"), "reponse") for phone in story.told("proposal")}
    for phone, path in links.items():
        for text in (story.words_to(phone, "proposal"), page(browser(), path)):
            assert not [canary for canary in (SURNAME, ADDRESS, DETAILS, "98 00 01") if canary in text]

    volunteers_answer(story, asked, links)
    assert "Alice" in page(hers, link(story.words_to(JEANNE_PHONE, "noted"), "suivi"))
    assert page(hers, following)
    it_is_done(story, asked, links[ALICE_PHONE])
    the_figures_move(story, before, shown)
    jeanne_thanks(story, hers, links[ALICE_PHONE])


def volunteers_answer(story: Story, asked: HelpRequest, links: dict[str, str]) -> None:
    """Karim says no; Alice says yes by her link; Lucie, by SMS and too late."""
    assert "Merci d’avoir répondu" in browser().post(links[KARIM_PHONE], {"answer": "no"}, follow=True).content.decode()
    assert ADDRESS in browser().post(links[ALICE_PHONE], {"answer": "yes"}, follow=True).content.decode()
    run_jobs()
    assert story.told("taken") == {LUCIE_PHONE}, "who said no is left in peace"
    with town_context(story.town):
        receive_reply(sender=LUCIE_PHONE, text="Oui")
    run_jobs()
    assert "Déjà pourvu" in story.words_to(LUCIE_PHONE, "reply")
    assert "06 39 98 00 02" in story.words_to(JEANNE_PHONE, "agreed").replace("\u00a0", " ")
    mission = story.words_to(ALICE_PHONE, "mission").replace("\u00a0", " ")
    assert "Jeanne" in mission
    assert "06 39 98 00 01" in mission
    answers = story.ask(
        lambda: dict(Proposal.objects.filter(request=asked).values_list("volunteer__person__first_name", "answer"))
    )
    assert answers == {"Alice": Answer.YES, "Lucie": Answer.TOO_LATE, "Karim": Answer.NO}


def it_is_done(story: Story, asked: HelpRequest, path: str) -> None:
    """The hour passes; Alice is asked, and says that it took 45 minutes."""
    story.ask(lambda: let_the_hour_pass(asked))
    let_time_pass("proposals.ask_whether_done")
    assert link(story.words_to(ALICE_PHONE, "end"), "reponse") == path
    answer = browser().post(path, {"answer": "done", "duration": "other", "other_minutes": "45"}, follow=True)
    assert "45\u00a0minutes" in answer.content.decode()
    run_jobs()
    done = story.ask(lambda: HelpRequest.objects.get(pk=asked.pk))
    assert (done.state, done.minutes) == (RequestState.DONE, 45)


def the_figures_move(story: Story, before: Figures, shown: str) -> None:
    """Facts are written, and the home page says so at once."""
    after = story.ask(figures)
    assert (after.services, after.people_helped) == (before.services + 1, before.people_helped + 1)
    assert page(browser(), "/") != shown


def jeanne_thanks(story: Story, client: Client, alices: str) -> None:
    """Her SMS leads to where she says thank you; Alice reads it."""
    following = link(story.words_to(JEANNE_PHONE, "thank"), "suivi")
    assert client.get(following).status_code == 200
    client.post(f"{following}merci/", {"words": "Merci Alice, quelle belle visite"})
    assert "quelle belle visite" in page(browser(), alices)


# --- By telephone


def the_agent_enters_it(story: Story, *, first_name: str, phone: str) -> HelpRequest:
    """One screen: who phones, what for, her consent."""
    agent = browser()
    with town_context(story.town):
        account = Account.objects.get(email=AGENT)
        agent.force_login(account, "django.contrib.auth.backends.ModelBackend")
        kind, commune = visits().pk, CoveredCommune.objects.get().pk
    day = timezone.localdate() + datetime.timedelta(days=1)
    assert agent.get("/bureau/").status_code == 200
    answer = agent.post(
        "/bureau/demande/nouvelle/",
        {
            "first_name": first_name,
            "last_name": "Lebrun",
            "phone": phone,
            "birth_year": "1938",
            "at_home": "on",
            "kind": kind,
            "day": day.isoformat(),
            "hour": "10:00",
            "moment": "any",
            "details": "",
            "commune": commune,
            "address": "3 rue des Lilas",
            "source": "phone",
            "asked_by": "self",
            "asked_by_name": "",
            "consent": "spoken",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    with town_context(story.town):
        entered = HelpRequest.objects.select_related("person", "entered_by").get(person__first_name=first_name)
    assert answer["Location"] == f"/bureau/demande/{entered.uid}/"
    assert (entered.state, entered.entered_by, entered.consent) == (RequestState.OPEN, account, "spoken")
    return entered


def test_odette_phones_and_is_called_back(story):
    odette = the_agent_enters_it(story, first_name="Odette", phone=LANDLINE)
    run_jobs()
    answer = browser().post(link(story.words_to(LUCIE_PHONE, "proposal"), "reponse"), {"answer": "yes"}, follow=True)
    assert "01\u00a099\u00a000\u00a012\u00a034" in answer.content.decode()
    run_jobs()
    to_call = story.waiting(FollowUpKind.TO_CALL, odette)
    assert any("Lucie" in words for words in to_call), "a landline is told by a call, never by a lost SMS"
    assert not story.ask(lambda: Message.objects.filter(recipient=odette.person.phone).exists())

    story.ask(lambda: let_the_hour_pass(odette))
    let_time_pass("proposals.ask_whether_done", "proposals.notice_no_end")
    assert len(story.waiting(FollowUpKind.NOT_CLOSED, odette)) == 1, "nobody said how it ended"


def test_nobody_answers_gustave_and_the_desk_knows(story):
    gustave = the_agent_enters_it(story, first_name="Gustave", phone="01 99 00 12 35")
    run_jobs()
    assert story.waiting(FollowUpKind.UNANSWERED, gustave) == []
    let_time_pass("proposals.notice_silence")
    assert len(story.waiting(FollowUpKind.UNANSWERED, gustave)) == 1


# --- One after the other, and by SMS


@pytest.fixture
def one_at_a_time(story: Story) -> Iterator[None]:
    """For visits, the town has one volunteer asked an hour."""

    def waves(size: int | None) -> None:
        with town_context(story.town):
            KindOfHelp.objects.filter(pk=visits().pk).update(wave_size=size, wave_minutes=60)

    waves(1)
    yield
    waves(None)


def test_volunteers_are_asked_in_turn_and_answer_by_sms(story, one_at_a_time):
    simone = the_agent_enters_it(story, first_name="Simone", phone="06 39 98 00 06")
    run_jobs()
    (first,) = story.told("proposal")
    with town_context(story.town):
        receive_reply(sender=first, text="NON")
    run_jobs()
    (second,) = story.told("proposal") - {first}
    assert "C’est noté" in story.words_to(first, "reply").replace("'", "’")
    let_time_pass("proposals.ask_next")
    (third,) = story.told("proposal") - {first, second}
    with town_context(story.town):
        receive_reply(sender=third, text="Oui merci")
    run_jobs()
    agreed = story.ask(lambda: HelpRequest.objects.select_related("volunteer__person").get(pk=simone.pk))
    assert (agreed.state, agreed.volunteer.person.phone) == (RequestState.AGREED, third)
    assert "Simone" in story.words_to(third, "mission")
    assert story.told("taken") == {second}
    let_time_pass("proposals.ask_next")
    asked = story.ask(lambda: [one.times_asked for one in Proposal.objects.filter(request=simone)])
    assert asked == [1, 1, 1], "each was asked once, whatever jobs were left"
