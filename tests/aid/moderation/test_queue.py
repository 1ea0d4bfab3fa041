"""Several agents share what waits: in hand for a time, decided once, told to the author, kept in the journal."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from aid.followups.models import FollowUp
from aid.moderation import queue
from aid.moderation.enums import Deed, Outcome, Reason, ReportReason
from aid.moderation.models import Act, Case
from aid.moderation.queue import NotAllowedError
from aid.moderation.services import report
from aid.notifications.models import Message
from aid.people.enums import Channel
from core.models import AppendOnlyError
from harness.desk import make_account
from harness.loop import somebody
from harness.public_texts import Board

pytestmark = pytest.mark.django_db
ADVERT = "Ménage, mes tarifs sont doux, devis gratuit."


@pytest.fixture
def agents(town):
    return [make_account(f"{name}@exemple.example", "Agents", first_name=name) for name in ("Camille", "Farid")]


@pytest.fixture
def case(board: Board, author) -> Case:
    board.put(author, ADVERT)
    return Case.objects.get()


def decide(case, account, outcome=Outcome.REMOVED, reason=Reason.COMMERCE, **more):
    said = {"words": "Le site est fait pour l’entraide.", "revision": case.revision} | more
    return queue.decide(case, outcome=outcome, reason=reason, by_account=account, **said)


def test_who_takes_a_text_has_it_for_fifteen_minutes(case, agents):
    camille, farid = agents
    queue.take(case, by_account=camille)
    for gesture in (queue.take, queue.release, decide):
        with pytest.raises(NotAllowedError, match="pris par Camille jusqu’à"):
            gesture(case, by_account=farid) if gesture is not decide else decide(case, farid)
    queue.take(case, by_account=camille)
    queue.release(case, by_account=camille)
    queue.take(case, by_account=farid)
    Case.objects.update(taken_until=timezone.now() - datetime.timedelta(seconds=1))
    assert decide(case, camille).decided_by == camille
    assert Act.objects.filter(deed=Deed.TAKEN).count() == 2, "taken again is taken once"


def test_the_second_reads_who_decided_what(case, agents):
    camille, farid = agents
    decide(case, camille)
    with pytest.raises(NotAllowedError, match="a déjà été retiré par Camille"):
        decide(case, farid, Outcome.KEPT, Reason.FINE)
    assert Case.objects.get().outcome == Outcome.REMOVED


def test_nobody_decides_of_a_text_that_they_have_not_read(board, case, agents):
    text = next(iter(board.texts.values()))
    board.change(text, ADVERT + " Et le jardin.")
    with pytest.raises(NotAllowedError, match="a changé pendant que vous le lisiez"):
        decide(case, agents[0])
    assert text.reason != ""
    assert decide(Case.objects.get(), agents[0]).outcome == Outcome.REMOVED


@pytest.mark.parametrize(
    ("outcome", "reason", "said"),
    [
        (Outcome.KEPT, Reason.FINE, "tout le monde peut le voir"),
        (Outcome.HIDDEN, Reason.COMMERCE, "Raison\u00a0: une annonce commerciale. Le site est fait pour l’entraide."),
        (Outcome.REMOVED, Reason.MONEY, "est retiré"),
    ],
)
def test_the_author_is_told_what_and_why_by_their_channel(board, case, agents, outcome, reason, said):
    case.author.email, case.author.channel = "alice@exemple.example", Channel.EMAIL
    case.author.save()
    decide(case, agents[0], outcome, reason)
    text = next(iter(board.texts.values()))
    assert text.is_shown is (outcome == Outcome.KEPT)
    message = Message.objects.get(person=case.author)
    assert said in message.body
    assert "Alice" not in message.subject
    if outcome != Outcome.KEPT:
        assert text.reason.startswith("Raison\u00a0: ")


def test_who_cannot_be_written_to_is_called(board, agents, town):
    madeleine = somebody("Madeleine", "+33344720001", channel=Channel.CALL)
    board.put(madeleine, ADVERT)
    decide(Case.objects.get(), agents[0])
    (asked,) = FollowUp.objects.open().filter(kind="to_call")
    assert "Votre texte est retiré" in asked.words


def test_who_was_only_reported_never_hears_of_it(board, author, agents):
    text, _ = board.put(author, "J’aime cuisiner et marcher le matin avec des voisins.")
    lucie = somebody("Lucie")
    report(subject=text.subject, reason=ReportReason.FALSE, words="Je la connais.", reporter=lucie)
    case = Case.objects.get()
    decide(case, agents[0], Outcome.KEPT, Reason.FINE)
    assert text.is_shown
    assert not Message.objects.exists()
    report(subject=text.subject, reason=ReportReason.FALSE, words="Je la connais.", reporter=lucie)
    decide(Case.objects.open().get(), agents[0], Outcome.HIDDEN, Reason.FALSE)
    assert not text.is_shown
    message = Message.objects.get()
    assert "Lucie" not in message.body + text.reason
    assert "Je la connais" not in message.body + text.reason


def test_a_decision_says_why(case, agents):
    for wrong in ({"reason": Reason.FINE}, {"reason": Reason.OTHER, "words": " "}, {"words": "x" * 601}):
        with pytest.raises(ValidationError):
            decide(case, agents[0], **wrong)
    with pytest.raises(ValidationError, match="de la liste"):
        decide(case, agents[0], Outcome.SETTLED)
    assert Case.objects.get().is_open


def test_the_worst_and_the_oldest_come_first(board, author, agents):
    for words in ("Mes tarifs", "Quelle arnaque", "Un devis", "Autre chose de bien gentil et doux"):
        board.put(author, words)
    last = max(board.texts)
    report(subject=("petit-mot", last), reason=ReportReason.DANGER)
    assert [one.gravity for one in queue.waiting()] == [3, 2, 1, 1]
    first, second = [one for one in queue.waiting() if one.gravity == 1]
    assert first.opened_at <= second.opened_at


def test_the_journal_is_only_added_to(case, agents):
    decide(case, agents[0])
    act = Act.objects.get(deed=Deed.REMOVED)
    assert (act.by_account, act.person_id, act.reason) == (agents[0], case.author_id, Reason.COMMERCE)
    for refused in (act.save, act.delete):
        with pytest.raises(AppendOnlyError):
            refused()
    assert [one.deed for one in queue.history_of(case)] == [Deed.REMOVED, Deed.HELD]


def test_a_text_whose_room_is_gone_can_still_be_closed(case, agents):
    Case.objects.update(subject_kind="disparu")
    assert decide(Case.objects.get(), agents[0]).outcome == Outcome.REMOVED
