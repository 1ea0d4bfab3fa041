"""Waves: so many at a time, the nearest first, each once, however often a job runs."""

import datetime
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from aid.configuration.models import KindOfHelp
from aid.configuration.services import rules
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.notifications.quiet import quiet_until
from aid.people.enums import Channel
from aid.proposals import jobs, services, texts, waves
from aid.proposals.enums import Answer
from aid.proposals.forgetting import forget_words_to_others
from aid.proposals.models import Proposal
from aid.proposals.picking import propose_to
from aid.proposals.services import accept, decline, withdraw
from aid.territory.models import CoveredCommune, District
from harness.desk import make_account
from harness.loop import jeanne, open_request, somebody, visits, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
# Grenoble, then 4, 7 and more than 11 km away; nobody knows where the last one's centre is.
GRENOBLE, NEAR, FURTHER, FAR, NOWHERE = "38185", "38151", "38068", "38071", "01001"
# From 21 h to 8 h, and one more hour where the clocks change.
NIGHT = datetime.timedelta(hours=12)
NEW_YEAR = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
NUMBERS = itertools.count(100)


@pytest.fixture
def queue(monkeypatch):
    """The jobs of the next wave that were asked for: (after, when)."""
    asked = []
    monkeypatch.setattr(
        jobs.ask_next,
        "defer",
        lambda *, request, after, schedule_at=None: asked.append(({"request": request, "after": after}, schedule_at)),
    )
    return asked


@pytest.fixture
def kind():
    """Two at a time, every hour."""
    KindOfHelp.objects.filter(pk=visits().pk).update(wave_size=2, wave_minutes=60)
    return visits()


def place(code):
    return CoveredCommune.objects.get_or_create(commune_id=code)[0]


def neighbour(name, code=None, **fields):
    return volunteer(name, f"+33639980{next(NUMBERS)}", commune=code and place(code), **fields)


def neighbours(*names):
    return [neighbour(name) for name in names]


def asked(request):
    """The first names of who was asked, in the order of the waves."""
    proposals = Proposal.objects.filter(request=request).select_related("volunteer__person").order_by("pk")
    return [one.volunteer.person.first_name for one in proposals]


def proposal_of(request, name):
    return Proposal.objects.get(request=request, volunteer__person__first_name=name)


def run(queue):
    """Run what waits in the queue, each twice, as a worker that dies before saying so would."""
    waiting = queue[:]
    queue.clear()
    for ids, _ in waiting:
        for _ in range(2):
            jobs.ask_next(**ids)


def test_the_nearest_come_first_then_who_was_asked_least_recently(queue, kind):
    district = District.objects.create(commune=place(GRENOBLE), name="Île Verte")
    old, recent = neighbour("Déjà ancien", FURTHER), neighbour("Déjà récent", FURTHER)
    elsewhere = open_request(somebody("Odette"), commune=place(GRENOBLE))
    for one, days in ((recent, 1), (old, 30)):
        Proposal.objects.create(request=elsewhere, volunteer=one)
        Proposal.objects.filter(volunteer=one).update(asked_at=timezone.now() - datetime.timedelta(days=days))
    neighbour("Inconnue")
    neighbour("Nulle part", NOWHERE)
    neighbour("Loin", FAR)
    neighbour("Jamais", FURTHER)
    neighbour("Près", NEAR)
    neighbour("Même ville", GRENOBLE)
    neighbour("Même quartier", GRENOBLE, district=district)
    request = open_request(jeanne(), commune=place(GRENOBLE), district=district)
    jobs.ask_volunteers(request=request.pk)
    assert asked(request) == ["Même quartier", "Même ville"]
    for _ in range(5):
        run(queue)
    assert asked(request) == [
        *("Même quartier", "Même ville", "Près", "Jamais", "Déjà ancien", "Déjà récent", "Loin"),
        *("Inconnue", "Nulle part"),
    ]


def test_nobody_is_asked_twice_nor_too_early_however_often_jobs_run(queue, kind):
    neighbours("Alice", "Karim", "Lucie", "Omar", "Zoé")
    request = open_request(jeanne())
    for _ in range(3):
        jobs.ask_volunteers(request=request.pk)
    assert asked(request) == ["Alice", "Karim"]
    ((_, due),) = queue
    assert due > timezone.now() + datetime.timedelta(minutes=59)
    run(queue)
    run([*queue, *queue])
    jobs.ask_volunteers(request=request.pk)
    assert asked(request) == ["Alice", "Karim", "Lucie", "Omar", "Zoé"]
    assert Message.objects.filter(kind="proposal").count() == 5


def test_waves_stop_once_nobody_is_looked_for_and_start_again_with_the_search(queue, kind):
    neighbours("Alice", "Karim", "Lucie", "Omar")
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    accept(proposal_of(request, "Alice"))
    jobs.tell_others(request=request.pk)
    run(queue)
    assert asked(request) == ["Alice", "Karim"]
    withdraw(proposal_of(request, "Alice"))
    for _ in range(2):
        jobs.ask_again(request=request.pk)
    again = Message.objects.filter(kind="proposal", person__first_name="Karim")
    assert (asked(request), again.count()) == (["Alice", "Karim"], 2), "he was told that it was taken: he comes first"
    run(queue)
    assert asked(request) == ["Alice", "Karim", "Lucie", "Omar"]
    assert proposal_of(request, "Alice").answer == Answer.WITHDREW


def test_a_wave_that_all_said_no_brings_the_next_at_once_then_the_town(queue, kind):
    neighbours("Alice", "Karim", "Lucie")
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    queue.clear()
    decline(proposal_of(request, "Alice"))
    assert queue == []
    decline(proposal_of(request, "Karim"))
    ((_, due),) = queue
    assert due is None
    run(queue)
    assert asked(request) == ["Alice", "Karim", "Lucie"]
    decline(proposal_of(request, "Lucie"))
    assert not FollowUp.objects.open().exists()
    run(queue)
    followup = FollowUp.objects.open().get()
    assert (followup.kind, "Tous ont répondu" in followup.words) == (FollowUpKind.UNANSWERED, True)


def test_a_wave_that_nobody_reads_brings_the_next_at_once_and_the_town_calls_them_last(queue, kind):
    for name in ("Paul", "Odette"):
        neighbour(name, channel=Channel.CALL)
    neighbours("Alice")
    neighbour("Zoé", channel=Channel.CALL)
    neighbours("Karim")
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    assert (asked(request), [due for _, due in queue]) == (["Paul", "Odette"], [None])
    run(queue)
    assert (asked(request)[2:], FollowUp.objects.open().exists()) == (["Alice", "Zoé"], False)
    assert all(due is not None for _, due in queue), "Alice reads it: she has her time"
    queue.clear()
    decline(proposal_of(request, "Alice"))
    assert [due for _, due in queue] == [None], "nobody else was told"
    run(queue)
    assert asked(request)[4:] == ["Karim"]
    run(queue)
    followup = FollowUp.objects.open().get()
    assert followup.kind == FollowUpKind.UNANSWERED
    assert followup.words == "À appeler, faute de pouvoir leur écrire : Paul, Odette et Zoé."


def test_a_wave_is_out_where_somebody_reads_it(queue, kind):
    neighbour("Paul", channel=Channel.CALL)
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    assert not waves.is_out(request)
    neighbours("Alice")
    run(queue)
    assert waves.is_out(request)


def test_many_to_call_are_counted():
    assert texts.to_call([f"A{number}" for number in range(12)]).endswith("A9 et 2 autres.")


def test_who_was_to_be_called_and_is_forgotten_is_named_no_more(queue, kind):
    paul = neighbour("Paul", channel=Channel.CALL, last_name="Canaristurnam")
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    run(queue)
    assert "Canaristurnam" in FollowUp.objects.get().words
    forget_words_to_others(neighbour("Alice").person)
    assert "Canaristurnam" in FollowUp.objects.get().words
    forget_words_to_others(paul.person)
    assert FollowUp.objects.get().words == ""


def test_without_waves_the_last_no_tells_the_town(queue):
    neighbours("Alice", "Karim")
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    decline(proposal_of(request, "Alice"))
    assert queue == []
    decline(proposal_of(request, "Karim"))
    run(queue)
    assert "Tous ont répondu" in FollowUp.objects.open().get().words


def test_who_was_picked_in_between_moves_no_wave(queue, kind):
    neighbours("Alice", "Karim", "Lucie", "Omar")
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    agent = make_account("agent@exemple.example")
    last = neighbour("Zoé")
    propose_to(request, [last, proposal_of(request, "Alice").volunteer], by_account=agent)
    run(queue)
    assert asked(request) == ["Alice", "Karim", "Zoé", "Lucie", "Omar"]


def test_the_places_that_are_left_go_on_being_proposed(queue, kind):
    neighbours("Alice", "Karim", "Lucie")
    request = open_request(jeanne(), people_needed=3)
    jobs.ask_volunteers(request=request.pk)
    queue.clear()
    for name in ("Alice", "Karim"):
        accept(proposal_of(request, name))
    assert [due for _, due in queue] == [None], "nobody is left who may say yes"
    run(queue)
    accept(proposal_of(request, "Lucie"))
    assert HelpRequest.objects.get(pk=request.pk).state == "agreed"


def test_nobody_is_asked_about_what_is_past(queue, kind):
    neighbours("Alice")
    request = open_request(jeanne())
    HelpRequest.objects.filter(pk=request.pk).update(ends_at=timezone.now())
    assert services.ask_volunteers(request.pk) == 0


def test_a_wave_takes_as_many_queries_whatever_its_size(queue, kind):
    def queries(size, *names):
        KindOfHelp.objects.filter(pk=kind.pk).update(wave_size=size)
        Proposal.objects.all().delete()
        neighbours(*names)
        request = open_request(somebody("Odette"))
        with CaptureQueriesContext(connection) as seen:
            assert services.ask_volunteers(request.pk) == size
        return len(seen)

    queries(1, "Alice")  # what is read once for all
    assert queries(1, "Karim") == queries(20, *(f"Voisin {number}" for number in range(25)))


@given(
    days=st.integers(0, 700),
    minute=st.integers(0, 24 * 60 - 1),
    minutes=st.integers(5, 24 * 60),
)
def test_the_next_wave_comes_by_day_and_never_early(days, minute, minutes):
    now = NEW_YEAR + datetime.timedelta(days=days, minutes=minute)
    due = waves.next_at(now, minutes=minutes)
    wanted = now + datetime.timedelta(minutes=minutes)
    # A night before it, if it is night, and a night after.
    assert wanted <= due <= wanted + 2 * NIGHT
    assert quiet_until(rules(), due) is None
    if quiet_until(rules(), now) is None and quiet_until(rules(), wanted) is None:
        assert due == wanted
