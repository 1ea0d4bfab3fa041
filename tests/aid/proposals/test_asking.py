"""Asking volunteers: each once, by a job, with nothing that tells who asks."""

import datetime

import pytest
from django.utils import timezone

from aid.configuration.models import Rules
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask
from aid.help_requests import services as requests
from aid.help_requests.enums import EXPIRE, Moment
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import town_zone
from aid.help_requests.transitions import take
from aid.notifications.alerts import Alert, AlertKind, tell
from aid.notifications.models import Message
from aid.notifications.quiet import waits_until
from aid.people.enums import Channel
from aid.proposals import jobs
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.picking import propose_to
from aid.proposals.services import accept, ask_volunteers, decline
from harness.desk import make_account
from harness.loop import (
    ADDRESS,
    ALICE_PHONE,
    DETAILS,
    JEANNE_PHONE,
    SURNAME,
    agree,
    jeanne,
    open_request,
    request_of,
    somebody,
    volunteer,
)
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def deferred(monkeypatch):
    """The jobs that were asked for, by name, with when."""
    asked = []
    for job in (jobs.ask_volunteers, jobs.notice_silence, jobs.tell_others, jobs.ask_whether_done, jobs.tell_cancelled):
        usual = job.defer
        monkeypatch.setattr(
            job,
            "defer",
            lambda *, usual=usual, name=job.task.name, schedule_at=None, **ids: (
                asked.append((name, schedule_at, ids)) or usual(schedule_at=schedule_at, **ids)
            ),
        )
    return asked


def followups(kind):
    return FollowUp.objects.open().filter(kind=kind)


def messages(kind):
    return Message.objects.filter(kind=kind).order_by("pk")


def test_a_request_that_opens_asks_by_one_job_and_is_looked_at_again_later(deferred):
    asked = open_request(jeanne(), days=9)
    now, later = deferred
    assert now == ("proposals.ask_volunteers", None, {"request": asked.pk})
    assert later[0] == "proposals.notice_silence"
    assert later[1] is not None
    assert Proposal.objects.count() == 0, "nobody is asked in the caller's time"


def test_a_request_to_check_asks_nobody():
    volunteer("Alice", ALICE_PHONE)
    asked = request_of(jeanne())
    assert ask_volunteers(asked.pk) == 0
    assert Message.objects.count() == 0


def test_nobody_is_asked_twice_and_nothing_tells_who_asks():
    volunteer("Alice", ALICE_PHONE)
    volunteer("Karim", email="karim@exemple.example", channel=Channel.EMAIL)
    asked = open_request(jeanne())
    for _ in range(2):
        jobs.ask_volunteers(request=asked.pk)
    assert Proposal.objects.count() == messages("proposal").count() == 2
    for message in messages("proposal"):
        told = f"{message.subject} {message.body}"
        assert "/reponse/" in told
        assert asked.place in told
        for canary in (SURNAME, ADDRESS, DETAILS, JEANNE_PHONE, "06\u00a039", "Jeanne"):
            assert canary not in told
    volunteer("Lucie", "+33639980003")
    jobs.ask_volunteers(request=asked.pk)
    assert messages("proposal").count() == 3


def test_the_asker_is_not_asked_even_if_she_volunteers():
    herself = volunteer("Jeanne", JEANNE_PHONE)
    assert ask_volunteers(open_request(herself.person).pk) == 0


def test_the_town_is_told_at_once_where_nobody_can_be_asked():
    asked = open_request(jeanne())
    jobs.ask_volunteers(request=asked.pk)
    followup = followups(FollowUpKind.UNANSWERED).get()
    assert (followup.subject_kind, followup.subject_id, followup.person) == ("help_request", asked.pk, asked.person)
    jobs.notice_silence(request=asked.pk)
    assert followups(FollowUpKind.UNANSWERED).count() == 1


def test_the_town_is_told_where_those_who_are_asked_must_be_phoned():
    volunteer("Paul", "+33199000001", channel=Channel.CALL)
    asked = open_request(jeanne())
    jobs.ask_volunteers(request=asked.pk)
    assert Proposal.objects.get().volunteer.person.first_name == "Paul"
    assert "À appeler, faute de pouvoir lui écrire : Paul." in followups(FollowUpKind.UNANSWERED).get().words
    volunteer("Alice", ALICE_PHONE)
    other = open_request(somebody("Odette"))
    jobs.ask_volunteers(request=other.pk)
    assert followups(FollowUpKind.UNANSWERED).count() == 1, "a round that somebody reads asks nobody to phone the rest"


@pytest.mark.parametrize(
    ("when", "waits"),
    [
        ({"hour": None, "moment": Moment.ANY}, True),
        ({"hour": None, "moment": Moment.MORNING}, True),
        ({"hour": datetime.time(14)}, True),
        ({"hour": datetime.time(8)}, False),
    ],
)
def test_at_night_a_round_about_tomorrow_rings_only_where_its_hour_comes_soon_after(settings, when, waits):
    settings.OUTBOX = False
    volunteer("Alice", ALICE_PHONE)
    request = open_request(jeanne(), days=1, **when)
    night = datetime.datetime.combine(request.day - datetime.timedelta(days=1), datetime.time(22), town_zone())
    morning = night + datetime.timedelta(hours=10)
    ask_volunteers(request.pk)
    assert waits_until(messages("proposal").get(), Rules(), night) == (morning if waits else None)
    Proposal.objects.update(answer=Answer.TOO_LATE, answered_at=timezone.now())
    jobs.ask_again(request=request.pk)
    assert waits_until(messages("proposal").latest("pk"), Rules(), night) == (morning if waits else None)
    agree(request, Proposal.objects.get().volunteer)
    is_early = when["hour"] is None or waits is False
    assert waits_until(messages("agreed").get(), Rules(), night) == (None if is_early else morning)


def test_silence_is_noticed_until_somebody_says_yes():
    alice = volunteer("Alice", ALICE_PHONE)
    silent, answered = open_request(jeanne()), open_request(somebody("Odette", "+33639980005"))
    for asked in (silent, answered):
        jobs.ask_volunteers(request=asked.pk)
        jobs.notice_silence(request=asked.pk)
    assert followups(FollowUpKind.UNANSWERED).count() == 2
    accept(Proposal.objects.get(request=answered, volunteer=alice))
    jobs.notice_silence(request=answered.pk)
    assert followups(FollowUpKind.UNANSWERED).get().subject_id == silent.pk


def test_a_town_chooses_how_long_it_waits(deferred):
    Rules.objects.update_or_create(pk=1, defaults={"hours_before_followup": 1})
    asked = open_request(jeanne(), days=9)
    (due,) = [schedule_at for name, schedule_at, _ in deferred if name == "proposals.notice_silence"]
    assert abs((due - asked.created_at).total_seconds() - 3600) < 60


# --- After


@pytest.fixture
def agreed():
    """Alice goes; Karim had said no, Lucie nothing."""
    for name, phone in (("Alice", ALICE_PHONE), ("Karim", "+33639980003"), ("Lucie", "+33639980004")):
        volunteer(name, phone)
    asked = open_request(jeanne())
    jobs.ask_volunteers(request=asked.pk)
    proposals = {one.volunteer.person.first_name: one for one in Proposal.objects.all()}
    decline(proposals["Karim"])
    accept(proposals["Alice"])
    return asked, proposals


def test_a_yes_gives_each_the_number_of_the_other_and_tells_who_waits(agreed):
    asked, _ = agreed
    for _ in range(2):
        jobs.tell_others(request=asked.pk)
    to_jeanne, to_alice, to_lucie = (messages(kind).get() for kind in ("agreed", "mission", "taken"))
    assert (to_jeanne.person, to_alice.person.first_name, to_lucie.person.first_name) == (
        asked.person,
        "Alice",
        "Lucie",
    )
    assert "Alice" in to_jeanne.body
    assert "98" in to_jeanne.body.replace("\u00a0", " ")
    assert "Jeanne" in to_alice.body
    for message in (to_alice, to_lucie):
        for canary in (SURNAME, ADDRESS, DETAILS):
            assert canary not in message.body
    assert "Jeanne" not in to_lucie.body


def test_who_has_a_landline_is_to_be_called():
    alice = volunteer("Alice", ALICE_PHONE)
    asked = open_request(somebody("Jeanne", "+33199000001", channel=Channel.SMS))
    jobs.ask_volunteers(request=asked.pk)
    accept(Proposal.objects.get(volunteer=alice))
    followup = followups(FollowUpKind.TO_CALL).latest("pk")
    assert followup.person == asked.person
    assert "Alice" in followup.words
    assert not messages("agreed").exists()
    requests.finish(HelpRequest.objects.get(pk=asked.pk), minutes=30)
    assert not FollowUp.objects.open().exists(), "she knows who came: nobody calls her any more"


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (requests.cancel, "La demande est annulée."),
        (lambda asked: requests.give_up(asked, words="Personne."), "La demande est close."),
        (lambda asked: take(asked, EXPIRE), "Le jour est passé."),
        (
            lambda asked: requests.finish(agree(asked, volunteer("Lucie", "+33639980003")), minutes=30),
            "Quelqu’un a dit oui.",
        ),
    ],
)
def test_who_was_to_be_called_about_a_request_is_not_once_it_is_over(end, outcome):
    """Bernard and Odette are phoned; what was written to Alice never arrived."""
    odette, bernard, alice = somebody("Odette"), volunteer("Bernard"), volunteer("Alice", ALICE_PHONE)
    asked = open_request(odette)
    propose_to(asked, [bernard, alice], by_account=make_account("agent@exemple.example"))
    lost = messages("proposal").get()
    tell(Alert(kind=AlertKind.TO_CALL, key=f"message:{lost.pk}", words=lost.body, person=alice.person))
    another = ask(kind=FollowUpKind.TO_CALL, person=bernard.person, words="Il a demandé qu’on l’appelle.")
    called = {one.person_id for one in followups(FollowUpKind.TO_CALL).exclude(pk=another.pk)}
    assert {bernard.person.pk, alice.person.pk} <= called
    end(HelpRequest.objects.get(pk=asked.pk))
    assert [one.pk for one in followups(FollowUpKind.TO_CALL)] == [another.pk]
    closed = FollowUp.objects.filter(person__in=[bernard.person, alice.person]).exclude(done_at=None)
    assert {one.outcome for one in closed} == {outcome}


def test_a_cancelled_request_is_told_to_who_was_going_only(agreed):
    asked, _ = agreed
    jobs.tell_others(request=asked.pk)
    requests.cancel(asked, by_person=asked.person)
    for _ in range(2):
        jobs.tell_cancelled(request=asked.pk)
    assert [message.person.first_name for message in messages("cancelled")] == ["Alice"]


def test_a_cancelled_request_that_nobody_took_is_told_to_who_had_not_answered():
    alice, karim = volunteer("Alice", ALICE_PHONE), volunteer("Karim", "+33639980003")
    asked = open_request(jeanne())
    jobs.ask_volunteers(request=asked.pk)
    decline(Proposal.objects.get(volunteer=karim))
    requests.cancel(asked)
    jobs.tell_cancelled(request=asked.pk)
    jobs.tell_others(request=asked.pk)
    jobs.notice_silence(request=asked.pk)
    assert [message.person for message in messages("cancelled")] == [alice.person]
    assert not messages("taken").exists()
    assert not FollowUp.objects.open().exists()


def test_the_end_is_asked_for_then_the_town_is_told(agreed):
    asked, _ = agreed
    for _ in range(2):
        jobs.ask_whether_done(request=asked.pk)
        jobs.notice_no_end(request=asked.pk)
    assert messages("end").get().person.first_name == "Alice"
    assert followups(FollowUpKind.NOT_CLOSED).get().subject_id == asked.pk
    requests.finish(HelpRequest.objects.get(pk=asked.pk), minutes=30)
    assert not FollowUp.objects.open().exists(), "what is done is asked no more"
    for _ in range(2):
        jobs.notice_no_end(request=asked.pk)
        jobs.ask_whether_done(request=asked.pk)
    assert (messages("end").count(), messages("thank").get().person) == (1, asked.person)
    assert not FollowUp.objects.open().exists()


def test_a_volunteer_chosen_by_the_desk_has_a_page_too():
    alice = volunteer("Alice", ALICE_PHONE)
    asked = open_request(jeanne())
    (made,) = propose_to(asked, [alice], by_account=make_account("agent@exemple.example"))
    accept(made)
    assert Proposal.objects.get(request=asked).answer == Answer.YES
    assert messages("mission").get().person == alice.person


def test_jobs_of_what_is_gone_do_nothing(other_town):
    asked = open_request(jeanne())
    with facing(other_town):
        for job in (jobs.ask_volunteers, jobs.tell_others, jobs.notice_silence, jobs.ask_whether_done):
            job(request=asked.pk)
        assert (Proposal.objects.count(), FollowUp.objects.count(), Message.objects.count()) == (0, 0, 0)
