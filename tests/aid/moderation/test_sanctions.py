"""Measures are told in plain words, end when they say, and are looked at again once by somebody else."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError as TransitionRefusedError
from aid.moderation import sanctions
from aid.moderation.enums import AppealState, Deed, Reason, SanctionKind, Via
from aid.moderation.models import Act, Case, Sanction
from aid.moderation.sanctions import NotAllowedError
from aid.notifications.models import Message
from aid.onboarding.enums import MOVES, PAUSE, SUSPEND, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import NotAllowedError as NoSuchMoveError
from aid.onboarding.services import admit
from aid.onboarding.services import take as move
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.picking import propose_to
from aid.proposals.services import accept, ask_again, ask_volunteers
from core.gsm import segments
from harness.desk import make_account
from harness.loop import open_request, somebody, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
WEEK = datetime.timedelta(days=7)
KIND_WORDS = "J’aime cuisiner et marcher le matin avec des voisins."


@pytest.fixture
def camille(town):
    return make_account("camille@exemple.example", "Agents", first_name="Camille")


@pytest.fixture
def farid(town):
    return make_account("farid@exemple.example", "Agents", first_name="Farid")


@pytest.fixture
def boss(town):
    return make_account("anne@exemple.example", "Administrateurs", first_name="Anne")


def take(person, kind, by_account, **more) -> Sanction:
    said = {"reason": Reason.COMMERCE, "words": "Le site est fait pour l’entraide."} | more
    if kind == SanctionKind.MUTE:
        said = {"ends_at": timezone.now() + WEEK} | said
    return sanctions.take(person=person, kind=kind, by_account=by_account, **said)


@pytest.mark.parametrize("kind", SanctionKind)
def test_each_measure_is_told_with_its_reason_and_how_to_answer(author, camille, kind):
    taken = take(author, kind, camille)
    message = Message.objects.get(person=author)
    assert message.kind == "sanction_taken"
    assert segments(message.body) <= 2
    author.channel, author.email = "email", "alice@exemple.example"
    author.save()
    again = sanctions.texts.taken(taken)
    assert "Raison\u00a0: une annonce commerciale. Le site est fait pour l’entraide." in again.body
    assert "répondre une fois" in again.body
    assert "Camille" not in again.body
    assert Act.objects.get().deed == kind.value
    assert taken.is_in_force is (kind != SanctionKind.WARNING)


def test_who_is_muted_writes_nothing_until_the_day_comes(board, author, camille):
    taken = take(author, SanctionKind.MUTE, camille)
    with pytest.raises(ValidationError, match="Vous ne pouvez rien publier jusqu’au"):
        board.put(author, KIND_WORDS)
    assert not Case.objects.exists()
    # No job ends it: the clock does.
    Sanction.objects.filter(pk=taken.pk).update(
        starts_at=timezone.now() - 2 * WEEK, ends_at=timezone.now() - datetime.timedelta(seconds=1)
    )
    assert not board.put(author, KIND_WORDS)[1].is_held
    for late in (
        lambda: sanctions.lift(taken, by_account=camille),
        lambda: sanctions.appeal(taken, words="Trop tard.", via=Via.SCREEN),
    ):
        with pytest.raises(NotAllowedError, match="terminée"):
            late()
    take(author, SanctionKind.WARNING, camille)
    board.put(author, KIND_WORDS)


@pytest.mark.parametrize("kind", [SanctionKind.SUSPENSION, SanctionKind.EXCLUSION])
def test_a_volunteer_is_asked_nothing_while_it_lasts(board, camille, boss, kind):
    alice = volunteer("Alice", "+33639980002")
    taken = take(alice.person, kind, camille)
    alice.refresh_from_db()
    assert (
        alice.state
        == {
            SanctionKind.SUSPENSION: VolunteerState.SUSPENDED,
            SanctionKind.EXCLUSION: VolunteerState.LEFT,
        }[kind]
    )
    request = open_request(somebody("Jeanne"))
    ask_volunteers(request.pk)
    assert not Proposal.objects.exists()
    with pytest.raises(ValidationError):
        board.put(alice.person, KIND_WORDS)
    with pytest.raises(ValidationError, match=r"levez d’abord|lève d’abord"):
        admit(person=alice.person)
    if kind == SanctionKind.SUSPENSION:
        with pytest.raises(NoSuchMoveError, match="levez d’abord"):
            move(alice, MOVES["retour"])
    sanctions.lift(taken, by_account=boss)
    alice.refresh_from_db()
    if kind == SanctionKind.SUSPENSION:
        assert alice.state == VolunteerState.ADMITTED
    assert admit(person=alice.person).state == VolunteerState.ADMITTED
    board.put(alice.person, KIND_WORDS)


@pytest.mark.parametrize("is_appealed", [False, True])
def test_lifting_a_measure_undoes_what_it_did_and_nothing_else(camille, farid, is_appealed):
    stood = {"Alice": VolunteerState.SUSPENDED, "Paul": VolunteerState.ON_LEAVE, "Zoé": VolunteerState.ADMITTED}
    for place, (name, before) in enumerate(stood.items()):
        one = volunteer(name, f"+3363998000{place}")
        if before == VolunteerState.SUSPENDED:
            # Over money, by the coordinator; moderation suspends her as well.
            move(one, SUSPEND, by_account=camille, words="De l’argent a disparu.")
        if before == VolunteerState.ON_LEAVE:
            move(one, PAUSE)
        taken = take(one.person, SanctionKind.SUSPENSION, camille)
        one.refresh_from_db()
        assert one.state == VolunteerState.SUSPENDED
        if is_appealed:
            sanctions.appeal(taken, words="Ce n’était pas moi.", via=Via.LETTER, entered_by=farid)
            sanctions.answer(taken, is_lifted=True, words="Vous avez raison.", by_account=farid)
        else:
            sanctions.lift(taken, by_account=farid)
    assert dict(Volunteer.objects.values_list("person__first_name", "state")) == stood
    # What the coordinator decided, she lifts.
    alice = Volunteer.objects.get(person__first_name="Alice")
    assert move(alice, MOVES["retour"], by_account=camille).state == VolunteerState.ADMITTED


def test_a_suspension_by_somebody_else_after_a_measure_is_theirs(camille, farid):
    alice = volunteer("Alice", "+33639980002")
    sanctions.lift(take(alice.person, SanctionKind.SUSPENSION, camille), by_account=farid)
    move(alice, SUSPEND, by_account=camille, words="De l’argent a disparu.")
    sanctions.lift(take(alice.person, SanctionKind.SUSPENSION, camille), by_account=farid)
    alice.refresh_from_db()
    assert alice.state == VolunteerState.SUSPENDED


def test_who_is_no_volunteer_is_suspended_all_the_same(author, camille):
    take(author, SanctionKind.SUSPENSION, camille)
    assert not Volunteer.objects.exists()
    with pytest.raises(ValidationError, match="suspendue"):
        admit(person=author)


def test_nobody_is_sent_to_who_is_excluded(camille):
    volunteer("Alice", "+33639980002")
    jeanne = somebody("Jeanne", "+33639980001")
    take(jeanne, SanctionKind.EXCLUSION, camille)
    request = open_request(jeanne)
    assert ask_volunteers(request.pk) == 0
    assert HelpRequest.objects.get(pk=request.pk).state == RequestState.OPEN
    assert not Proposal.objects.exists()
    assert FollowUp.objects.open().filter(kind="unanswered", words__contains="exclue").exists()
    assert FollowUp.objects.open().filter(kind="moderation", words__contains="un par un").exists()


def test_nobody_says_yes_to_who_was_excluded_meanwhile_nor_is_asked_again(camille, boss):
    alice, lucie = volunteer("Alice", "+33639980002"), volunteer("Lucie", "+33639980003")
    jeanne = somebody("Jeanne", "+33639980001")
    request = open_request(jeanne)
    ask_volunteers(request.pk)
    to_alice, to_lucie = (Proposal.objects.get(volunteer=one) for one in (alice, lucie))
    taken = take(jeanne, SanctionKind.EXCLUSION, camille)
    for known in (Proposal.objects, Proposal.objects.with_page_related_data()):
        assert known.get(pk=to_alice.pk).outcome is Outcome.EXPIRED
    assert accept(to_alice) is Outcome.EXPIRED
    assert not Proposal.objects.to_answer().exists()
    Proposal.objects.filter(pk=to_lucie.pk).update(answer=Answer.TOO_LATE, answered_at=timezone.now())
    written = Message.objects.filter(kind="proposal").count()
    assert ask_again(request.pk) == 0
    assert Message.objects.filter(kind="proposal").count() == written
    assert FollowUp.objects.open().filter(kind="unanswered", words__contains="exclue").count() == 1
    with pytest.raises(TransitionRefusedError, match="exclue"):
        propose_to(request, [lucie], by_account=camille)
    sanctions.lift(taken, by_account=boss)
    assert ask_again(request.pk) == 1
    assert accept(to_alice) is Outcome.ACCEPTED


def test_only_an_administrator_has_back_who_was_excluded(author, camille, farid, boss):
    taken = take(author, SanctionKind.EXCLUSION, camille)
    with pytest.raises(NotAllowedError, match="Seul un administrateur"):
        sanctions.lift(taken, by_account=camille)
    sanctions.appeal(taken, words="Je regrette.", via=Via.PHONE, entered_by=camille)
    with pytest.raises(NotAllowedError, match="Seul un administrateur"):
        sanctions.answer(taken, is_lifted=True, words="D’accord.", by_account=farid)
    assert Sanction.objects.get().appeal_state == AppealState.WAITING
    sanctions.answer(taken, is_lifted=True, words="D’accord.", by_account=boss)
    assert not sanctions.is_excluded(author)


def test_an_appeal_is_answered_once_by_somebody_else(author, camille, farid):
    taken = take(author, SanctionKind.MUTE, camille)
    sanctions.appeal(taken, words="Ce n’était pas moi.", via=Via.SCREEN)
    (asked,) = FollowUp.objects.open().filter(kind="moderation")
    with pytest.raises(NotAllowedError, match="Un recours attend"):
        sanctions.lift(taken, by_account=farid)
    with pytest.raises(NotAllowedError, match="Vous avez décidé cette mesure"):
        sanctions.answer(taken, is_lifted=False, words="Non.", by_account=camille)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sanction.objects.filter(pk=taken.pk).update(
            appeal_state=AppealState.UPHELD, appeal_answered_at=timezone.now(), appeal_answered_by=camille
        )
    with pytest.raises(ValidationError, match="Écrivez pourquoi"):
        sanctions.answer(taken, is_lifted=False, words=" ", by_account=farid)
    sanctions.answer(taken, is_lifted=False, words="Nous avons relu : c’était bien vous.", by_account=farid)
    for refused in (
        lambda: sanctions.answer(taken, is_lifted=True, words="Oui.", by_account=farid),
        lambda: sanctions.appeal(taken, words="Encore.", via=Via.SCREEN),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    assert sanctions.silencing(author) == taken, "upheld, it goes on"
    asked.refresh_from_db()
    assert asked.done_at is not None
    assert Message.objects.filter(kind="sanction_answered").count() == 1
    assert list(Act.objects.values_list("deed", flat=True)) == [Deed.UPHELD, Deed.APPEALED, Deed.MUTE]


def test_an_appeal_that_is_heard_ends_the_measure(board, author, camille, farid):
    taken = take(author, SanctionKind.MUTE, camille)
    sanctions.appeal(taken, words="Ce n’était pas moi.", via=Via.LETTER, entered_by=farid)
    sanctions.answer(taken, is_lifted=True, words="Vous avez raison.", by_account=farid)
    board.put(author, KIND_WORDS)
    with pytest.raises(NotAllowedError, match="déjà levée"):
        sanctions.lift(taken, by_account=farid)


def test_a_suspension_is_looked_at_again_on_its_day(author, camille):
    taken = take(author, SanctionKind.SUSPENSION, camille, ends_at=timezone.now() + WEEK)
    (asked,) = FollowUp.objects.open()
    assert asked.due_at == taken.ends_at
    sanctions.appeal(taken, words="Je suis là.", via=Via.SCREEN)
    assert FollowUp.objects.open().due(timezone.now()).count() == 1, "an appeal does not wait for that day"
    Sanction.objects.update(starts_at=timezone.now() - 2 * WEEK, ends_at=timezone.now() - WEEK)
    assert sanctions.silencing(author) is not None, "only somebody lifts it"


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        (SanctionKind.MUTE, {"ends_at": None}, "Dites jusqu’à quand"),
        (SanctionKind.MUTE, {"ends_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}, "date à venir"),
        (SanctionKind.EXCLUSION, {"ends_at": datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC)}, "n’a pas de fin"),
        (SanctionKind.WARNING, {"words": "  "}, "Écrivez pourquoi"),
        (SanctionKind.WARNING, {"words": "x" * 601}, "600 caractères"),
    ],
)
def test_a_measure_that_makes_no_sense_is_refused_in_words(author, camille, kind, more, told):
    with pytest.raises(ValidationError) as refused:
        take(author, kind, camille, **more)
    assert told in " ".join(refused.value.messages)
    assert not Sanction.objects.exists()
    assert not Message.objects.exists()


def test_a_measure_that_runs_is_not_taken_twice_and_none_is_about_who_died(author, camille):
    take(author, SanctionKind.SUSPENSION, camille)
    with pytest.raises(ValidationError, match="déjà en cours"):
        take(author, SanctionKind.SUSPENSION, camille)
    gone = somebody("Simone", deceased_on=timezone.localdate())
    with pytest.raises(ValidationError, match="décédée"):
        take(gone, SanctionKind.WARNING, camille)
