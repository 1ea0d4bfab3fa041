"""The verbs of worries: tell one, take it, from nobody or from a colleague, write what was done, answer it."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from aid.followups.enums import FollowUpKind
from aid.followups.services import ask, settle
from aid.people.models import Person
from aid.people.services import locked
from aid.worries import duty, texts
from aid.worries.enums import (
    CLOSE,
    DUE_AFTER,
    ESCALATED_AFTER,
    TAKE,
    Grade,
    WorryAnswer,
    WorryMove,
    WorryState,
    WorryStepName,
)
from aid.worries.jobs import escalate
from aid.worries.journal import write_step, write_to
from aid.worries.models import Worry, WorryStep
from core.text import tidy_lines

SUBJECT = "worry"
LONGEST_WORDS = 2000
# What somebody may tell in a day about one person: a bad day, and no flood.
MOST_A_DAY, A_DAY = 10, timedelta(days=1)


class NotAllowedError(Exception):
    """The worry is not where this step starts; the message says where it stands, in French."""


class LimitReachedError(Exception):
    """Too many in a day; the message says what to do, in French."""


@transaction.atomic
def tell(
    *,
    person: Person,
    grade: Grade,
    words: str,
    form_uid: UUID,
    told_by: Person | None = None,
    noted_by: Account | None = None,
    teller: str = "",
) -> Worry:
    """Keep that somebody is worried about a person, sealed, and give it to a named agent.

    The agent is written to at once where it is urgent or worrying, without a name; the board tells it by its grade;
    administrators are told again of an urgent one that nobody takes. The same form sent twice is one worry. `teller`:
    who told it to the agent that notes it. Raises LimitReachedError, ValidationError for words that are empty or too
    long, and SealError.
    """
    said = checked(words)
    # Of two sends of one form, the second waits for the first.
    about = locked(person)
    sent = Worry.objects.filter(form_uid=form_uid).first()
    if sent is not None:
        return sent
    today = Worry.objects.filter(person=about, told_by=told_by, told_at__gte=timezone.now() - A_DAY)
    if told_by is not None and today.count() >= MOST_A_DAY:
        raise LimitReachedError("Vous nous en avez déjà beaucoup parlé aujourd’hui. Appelez-nous.")
    worry = Worry(
        person=about, grade=grade, form_uid=form_uid, told_by=told_by, noted_by=noted_by, agent=duty.agent_for(about)
    )
    worry.full_clean(exclude=["person", "told_by", "noted_by", "agent"])
    worry.save()
    write_step(worry, WorryStepName.TOLD, by_account=noted_by, words=texts.told(said, teller))
    # About nobody: the person would read it in « ce que nous savons de vous », with all that is to be done for them.
    ask(
        kind=FollowUpKind.WORRY,
        subject=(SUBJECT, worry.pk),
        words=texts.to_follow(worry),
        due_at=worry.told_at + DUE_AFTER[Grade(grade)],
    )
    if grade != Grade.TALK:
        write_to(worry.agent, worry, key="told", words=texts.to_agent(worry))
    if grade == Grade.URGENT:
        escalate.defer(worry=worry.pk, schedule_at=worry.told_at + ESCALATED_AFTER)
    return worry


@transaction.atomic
def take(worry: Worry, *, by_account: Account, from_account: Account | None = None) -> Worry:
    """Say that one follows it. A second time by the same changes nothing.

    `from_account`: who has it, where it is taken over from them; who told it reads the date of the first. Raises
    NotAllowedError where it is another who has it by now, or where it has an answer.
    """
    known = _locked(worry)
    if known.state == WorryState.TAKEN and known.taken_by_id == by_account.pk:
        return known
    if known.taken_by != from_account:
        raise NotAllowedError(_where(known))
    _check(known, TAKE)
    step = WorryStepName.TAKEN if known.taken_at is None else WorryStepName.TAKEN_OVER
    known.state, known.taken_by, known.agent = TAKE.target, by_account, by_account
    known.taken_at = known.taken_at or timezone.now()
    known.save(update_fields=["state", "taken_at", "taken_by", "agent"])
    write_step(known, step, by_account=by_account)
    return known


@transaction.atomic
def note_gesture(worry: Worry, *, words: str, by_account: Account) -> WorryStep:
    """Write what was done, while it has no answer. Raises NotAllowedError, ValidationError and SealError."""
    said = checked(words)
    known = _locked(worry)
    if not known.is_waiting:
        raise NotAllowedError(_where(known))
    return write_step(known, WorryStepName.GESTURE, by_account=by_account, words=said)


@transaction.atomic
def close(worry: Worry, *, answer: WorryAnswer, words: str = "", by_account: Account) -> Worry:
    """Answer a worry. Raises NotAllowedError for one that has an answer, ValidationError for too many words."""
    said = checked(words, required=False)
    known = _locked(worry)
    _check(known, CLOSE)
    now = timezone.now()
    if known.taken_at is None:
        known.taken_at, known.taken_by = now, by_account
    known.state, known.answer, known.closed_at, known.closed_by = CLOSE.target, answer, now, by_account
    known.save(update_fields=["state", "answer", "taken_at", "taken_by", "closed_at", "closed_by"])
    write_step(known, WorryStepName.CLOSED, by_account=by_account, words=said)
    settle(subject=(SUBJECT, known.pk), outcome="L’inquiétude a une réponse.")
    return known


def steps_of(worry: Worry) -> QuerySet[WorryStep]:
    """Its journal, the first step first, with what was said at each."""
    return worry.steps.select_related("by_account", "said__sealed_with").order_by("pk")


def told_by(person: Person, limit: int = 20) -> list[Worry]:
    """What somebody told, the last first: where each stands, and when it was taken."""
    told = Worry.objects.filter(told_by=person).select_related("person")
    return list(told.order_by("-told_at", "-pk")[:limit])


def checked(words: str, *, required: bool = True) -> str:
    """Words as they are kept. Raises ValidationError for none where some are required, or too many."""
    said = tidy_lines(words)
    if required and not said:
        raise ValidationError({"words": "Écrivez en quelques mots ce qui se passe."})
    if len(said) > LONGEST_WORDS:
        raise ValidationError({"words": f"C’est trop long : {LONGEST_WORDS} signes au plus."})
    return said


def _locked(worry: Worry) -> Worry:
    # Nothing is joined: what is read while waiting for another's lock is the row of before.
    return Worry.objects.select_for_update().get(pk=worry.pk)


def _check(worry: Worry, move: WorryMove) -> None:
    if worry.state not in move.sources:
        raise NotAllowedError(_where(worry))


def _where(worry: Worry) -> str:
    if worry.state == WorryState.TAKEN and worry.taken_by is not None:
        return f"{worry.taken_by} s’en occupe déjà."
    return f"Cette inquiétude est déjà {worry.get_state_display()}."
