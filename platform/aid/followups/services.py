"""The verbs of follow-ups: ask for one, finish it, list what waits."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.followups.enums import FollowUpKind
from aid.followups.models import LONGEST_WORDS, FollowUp, FollowUpQuerySet
from aid.notifications import services as notifications
from aid.notifications.alerts import Alert
from aid.notifications.channels import channel_of, purpose_of
from aid.notifications.words import Words
from aid.people.enums import Way
from aid.people.models import Person
from aid.privacy.rights import objecting_among

# What a message that nobody could write is asked under, before its own key (notifications.services.send); and one that
# did not arrive, before its number (notifications.delivering).
SENT, NOT_ARRIVED = "send:", "message:"


@transaction.atomic
def ask(
    *,
    kind: FollowUpKind,
    person: Person | None = None,
    subject: tuple[str, int] | None = None,
    words: str = "",
    due_at: datetime | None = None,
    key: str = "",
) -> FollowUp:
    """Ask somebody at the town to act, now or from an hour on; answer what was asked.

    Asked again while it is open, it is the same: for a subject, whatever the words; without one, for the same person
    in the same words. A `key` is asked once for ever, done or not.
    """
    subject_kind, subject_id = subject or ("", None)
    asked = FollowUp(
        kind=kind,
        key=key,
        person=person,
        subject_kind=subject_kind,
        subject_id=subject_id,
        words=shortened(words),
        due_at=due_at or timezone.now(),
    )
    # The database alone can tell of two who ask at once; the second waits for the first, and finds its row.
    while True:
        FollowUp.objects.bulk_create([asked], ignore_conflicts=True)
        kept = FollowUp.objects.filter(uid=asked.uid).first() or FollowUp.objects.same_as(asked).first()
        # None: it was finished between the two statements, so this is a new one.
        if kept is not None:
            return kept


@transaction.atomic
def ask_many(asked: Iterable[FollowUp]) -> None:
    """Ask for many at once, each under its key: what was asked once, done or not, is not asked again.

    Nor is what is open about the same subject. `asked` are rows not kept yet, with a kind, a key, and words that fit.
    """
    now = timezone.now()
    rows = list(asked)
    for one in rows:
        one.due_at, one.words = one.due_at or now, shortened(one.words)
    FollowUp.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def finish(followup: FollowUp, *, by_account: Account, outcome: str = "") -> FollowUp:
    """Say that it is done, and what happened. Finished twice, the first keeps its hour, its agent and its words."""
    locked = FollowUp.objects.select_for_update(of=["self"]).get(pk=followup.pk)
    if locked.done_at is None:
        locked.done_at, locked.done_by, locked.outcome = timezone.now(), by_account, shortened(outcome)
        locked.save(update_fields=["done_at", "done_by", "outcome"])
    return locked


def settle(*, subject: tuple[str, int], kind: FollowUpKind | None = None, outcome: str = "") -> int:
    """Close what was asked about a subject, all or of one kind: events made it needless. Answer how many."""
    subject_kind, subject_id = subject
    waiting = FollowUp.objects.open().filter(subject_kind=subject_kind, subject_id=subject_id)
    if kind is not None:
        waiting = waiting.filter(kind=kind)
    return waiting.update(done_at=timezone.now(), outcome=shortened(outcome))


def turn_to(person: Person, *, subject: tuple[str, int]) -> None:
    """Have what is open about a subject be about somebody, who was not known when it was asked."""
    subject_kind, subject_id = subject
    FollowUp.objects.open().about(subject_kind, subject_id).update(person=person)


def settle_key(key: str, *, outcome: str) -> int:
    """Close what was asked once for ever under a key: events made it needless. Answer how many."""
    return settle_keys([key], outcome=outcome)


def settle_of(person: Person, *, kind: FollowUpKind, outcome: str) -> int:
    """Close what was asked of one kind about a person and no other subject. Answer how many."""
    waiting = FollowUp.objects.open().filter(person=person, kind=kind, subject_id=None)
    return waiting.update(done_at=timezone.now(), outcome=shortened(outcome))


def settle_keys(keys: Collection[str], *, outcome: str) -> int:
    """Close what was asked once for ever under any of these keys: events made it needless. Answer how many."""
    return FollowUp.objects.open().filter(key__in=keys).update(done_at=timezone.now(), outcome=shortened(outcome))


def settle_told(keys: Collection[str], *, outcome: str) -> int:
    """Close the calls and the letters asked in place of messages of these keys: not written, or that did not arrive.

    Nobody needs to hear it any more. Answer how many.
    """
    written = notifications.messages_by_key(keys).values()
    stood_for = [*(f"{SENT}{key}" for key in keys), *(f"{NOT_ARRIVED}{one.pk}" for one in written)]
    return settle_keys(stood_for, outcome=outcome)


def known_keys(keys: Collection[str]) -> set[str]:
    """Those of these keys that something was asked under, done or not."""
    return set(FollowUp.objects.filter(key__in=keys).values_list("key", flat=True))


def told_keys(keys: Collection[str]) -> set[str]:
    """Those of these messages' keys that were written under, or that somebody was to say or post instead."""
    asked = {key.removeprefix(SENT) for key in known_keys([f"{SENT}{key}" for key in keys])}
    return asked | notifications.known_keys(keys)


def settle_about(person: Person, *, by_account: Account, outcome: str) -> int:
    """Close all that was asked about a person: nothing is left to do for them. Answer how many."""
    waiting = FollowUp.objects.open().filter(person=person)
    return waiting.update(done_at=timezone.now(), done_by=by_account, outcome=shortened(outcome))


def open_followups(now: datetime, *, among: FollowUpQuerySet | None = None) -> FollowUpQuerySet:
    """What is to be done by now, the oldest first; of all, or among some."""
    return (FollowUp.objects.all() if among is None else among).open().due(now).with_persons()


def shortened(words: str) -> str:
    """Words that fit, cut with « … » where they are too long."""
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


@transaction.atomic
def write_or_call(letters: Collection[tuple[Person, str, str, Words]]) -> int:
    """Write to many, each (person, kind, key, words), what was not yet; who is phoned, or posted letters, is to be.

    Answer how many. Nobody is told a key twice, by any way. Who wants no word that they did not ask for is left out, so
    is who wants nothing of this kind, and who died.
    """
    told = told_keys([key for _, _, key, _ in letters])
    new = [letter for letter in letters if letter[2] not in told]
    notifications.send_many(new)
    objecting = objecting_among(person.pk for person, *_ in new)
    ask_many(
        FollowUp(
            kind=FollowUpKind(notifications.TO_DO[way].value),
            key=f"{SENT}{key}",
            person=person,
            words=words.body if way == Way.LETTER else words.sms,
        )
        for person, kind, key, words in new
        if person.pk not in objecting and (way := channel_of(person, purpose_of(kind))) in notifications.TO_DO
    )
    return len(new)


def hear(alert: Alert) -> None:
    """Keep what notifications tell: a person to call, a ceiling that is reached."""
    ask(kind=FollowUpKind(alert.kind.value), person=alert.person, words=alert.words, key=alert.key)
