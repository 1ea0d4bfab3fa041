"""What somebody at the town must do: asked once, done once."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Account
from aid.followups import subjects
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask, finish, open_followups, settle
from aid.people.models import Person
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.context import facing, town_context

CALL, UNANSWERED = FollowUpKind.TO_CALL, FollowUpKind.UNANSWERED


@pytest.fixture
def jeanne(town) -> Person:
    return Person.objects.create(first_name="Jeanne", phone="+33199000001")


@pytest.fixture
def agent(town) -> Account:
    return Account.objects.create_account(email="agent@ville.example")


def test_it_is_asked_once_while_it_is_open(jeanne, agent):
    subject = ("help_request", 12)
    first = ask(kind=UNANSWERED, person=jeanne, subject=subject, words="Personne n’a répondu.")
    assert ask(kind=UNANSWERED, person=jeanne, subject=subject, words="Toujours personne.") == first
    other = ask(kind=CALL, person=jeanne, subject=subject)
    assert other != first
    assert ask(kind=UNANSWERED, subject=("help_request", 13)) not in (first, other)
    finish(first, by_account=agent, outcome="Appelée.")
    assert ask(kind=UNANSWERED, person=jeanne, subject=subject) != first


def test_without_a_subject_the_same_words_to_the_same_person_are_one(jeanne):
    paul = Person.objects.create(first_name="Paul", phone="+33199000001")
    first = ask(kind=CALL, person=jeanne, words="Alice vient demain.")
    assert ask(kind=CALL, person=jeanne, words="Alice vient demain.") == first
    assert ask(kind=CALL, person=jeanne, words="Alice ne vient plus.") != first
    assert ask(kind=CALL, person=paul, words="Alice vient demain.") != first


def test_a_key_is_told_once_for_ever(jeanne, agent):
    first = ask(kind=CALL, person=jeanne, key="message:1", words="À dire.")
    finish(first, by_account=agent)
    assert ask(kind=CALL, person=jeanne, key="message:1", words="À dire.").pk == first.pk
    assert not FollowUp.objects.open().exists()


def test_the_first_who_finishes_it_is_kept(jeanne, agent):
    colleague = Account.objects.create_account(email="collegue@ville.example")
    followup = ask(kind=CALL, person=jeanne)
    done = finish(followup, by_account=agent, outcome="Elle viendra.")
    again = finish(followup, by_account=colleague, outcome="Autre chose.")
    assert (again.done_at, again.done_by, again.outcome) == (done.done_at, agent, "Elle viendra.")


def test_events_close_what_they_made_needless(jeanne):
    subject = ("help_request", 12)
    for kind in (CALL, UNANSWERED):
        ask(kind=kind, subject=subject)
    kept = ask(kind=CALL, subject=("help_request", 13))
    assert settle(subject=subject, kind=UNANSWERED, outcome="Alice a dit oui.") == 1
    assert settle(subject=subject) == 1
    assert settle(subject=subject) == 0
    assert list(FollowUp.objects.open()) == [kept]
    assert FollowUp.objects.done().count() == 2


def test_the_list_is_what_is_due_the_oldest_first(jeanne, django_assert_num_queries):
    now = timezone.now()
    later = ask(kind=CALL, person=jeanne, words="Demain.", due_at=now + timedelta(days=1))
    second = ask(kind=CALL, person=jeanne, words="Maintenant.", due_at=now)
    first = ask(kind=UNANSWERED, subject=("help_request", 12), due_at=now - timedelta(hours=1))
    with django_assert_num_queries(1):
        listed = list(open_followups(now))
        assert [one.person and one.person.place for one in listed] == [None, ""]
    assert listed == [first, second]
    assert later in open_followups(now + timedelta(days=2))


def test_words_are_cut_rather_than_refused(jeanne, agent):
    followup = ask(kind=CALL, person=jeanne, words="a" * 10_000)
    assert ask(kind=CALL, person=jeanne, words="a" * 10_000) == followup
    assert len(finish(followup, by_account=agent, outcome="b" * 10_000).outcome) == 600


def test_a_subject_is_reached_by_who_registered_it(town, monkeypatch):
    monkeypatch.setattr(subjects, "_addresses", {})
    subjects.register("help_request", lambda number: f"/bureau/demandes/{number}/")
    assert subjects.url_of(ask(kind=UNANSWERED, subject=("help_request", 12))) == "/bureau/demandes/12/"
    assert subjects.url_of(ask(kind=UNANSWERED, subject=("unknown", 12))) == ""
    assert subjects.url_of(ask(kind=UNANSWERED)) == ""


def test_it_is_of_one_town(jeanne, other_town):
    ask(kind=CALL, person=jeanne)
    with facing(other_town):
        assert not FollowUp.objects.exists()


def test_the_database_itself_refuses_the_second(jeanne):
    ask(kind=CALL, person=jeanne, words="Alice vient demain.")
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(kind=CALL, person=jeanne, words="Alice vient demain.", due_at=timezone.now())


def test_however_many_ask_at_once_it_is_asked_once(own_database):
    town = entry_of(FIRST_TOWN)
    start, answers = threading.Barrier(8), []

    def run() -> None:
        try:
            start.wait(10)
            with town_context(town):
                answers.append(ask(kind=UNANSWERED, subject=("help_request", 99)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
