"""What waits to be read, shared by several agents: take in hand for a time, decide once.

Who takes a text has it for fifteen minutes, and everybody else sees who; a decision is taken under a lock, so the
second of two reads what the first decided.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.moderation import journal, services, subjects, texts
from aid.moderation.enums import Deed, Outcome, Reason
from aid.moderation.models import Act, Case, CaseQuerySet
from aid.moderation.models.cases import LEASE, LONGEST_TOLD
from aid.notifications import services as notifications

# What an agent may decide.
DECISIONS = (Outcome.KEPT, Outcome.HIDDEN, Outcome.REMOVED)


class NotAllowedError(Exception):
    """Somebody else has it in hand, or decided already, or the text changed; the message says so in French."""


@transaction.atomic
def take(case: Case, *, by_account: Account) -> Case:
    """Take a text in hand for fifteen minutes, or for fifteen more. Raises NotAllowedError."""
    known = _locked(case, by_account)
    is_new = known.holder() is None
    known.taken_by, known.taken_until = by_account, timezone.now() + LEASE
    known.save(update_fields=["taken_by", "taken_until"])
    if is_new:
        journal.note_case(known, Deed.TAKEN, by_account=by_account)
    return known


@transaction.atomic
def release(case: Case, *, by_account: Account) -> Case:
    """Let others have it. Raises NotAllowedError for what another has."""
    known = _locked(case, by_account)
    known.taken_by, known.taken_until = None, None
    known.save(update_fields=["taken_by", "taken_until"])
    return known


@transaction.atomic
def decide(
    case: Case, *, outcome: Outcome, reason: Reason, words: str = "", revision: int, by_account: Account
) -> Case:
    """Leave, hide or remove a text, and tell its author why. `revision` is that of the text that was read.

    Where nobody known is behind what is hidden or removed, somebody at the town is asked to call.

    Raises NotAllowedError, where nothing changed: another agent has it or decided it, or the author wrote it again
    meanwhile; ValidationError by field.
    """
    words = words.strip()
    if outcome not in DECISIONS:
        raise ValidationError({"outcome": "Choisissez une décision de la liste."})
    if len(words) > LONGEST_TOLD:
        raise ValidationError({"words": f"Écrivez {LONGEST_TOLD} caractères au plus."})
    if outcome != Outcome.KEPT and reason == Reason.FINE:
        raise ValidationError({"reason": "Dites pourquoi : la personne le lira."})
    if outcome != Outcome.KEPT and reason == Reason.OTHER and not words:
        raise ValidationError({"words": "Écrivez la raison : la personne le lira."})
    known = _locked(case, by_account)
    if known.revision != revision:
        raise NotAllowedError("Ce texte a changé pendant que vous le lisiez : relisez-le.")
    reached = subjects.known(known.subject_kind)
    was_held = known.is_held
    known.outcome, known.reason, known.told = outcome, reason, words if outcome != Outcome.KEPT else ""
    known.closed_at, known.decided_by = timezone.now(), by_account
    known.taken_by, known.taken_until = None, None
    known.digest = services.digest_of(reached.text_of(known.subject_id)) if reached else ""
    known.save()
    journal.note_case(known, Deed(outcome.value), by_account=by_account)
    if reached is not None:
        _apply(reached, known, was_held=was_held)
    services.close_followups(known)
    # Who was only reported never hears of it.
    if known.author is not None and (outcome != Outcome.KEPT or was_held):
        notifications.send(
            person=known.author, kind="moderation_decided", key=f"moderation:{known.pk}", words=texts.decided(known)
        )
    elif known.author is None and outcome != Outcome.KEPT:
        followups.ask(
            kind=FollowUpKind.MODERATION, subject=(services.TO_TELL, known.pk), words=texts.nobody_is_told(known)
        )
    return known


def waiting() -> CaseQuerySet:
    """What waits, the gravest first, then the oldest."""
    return Case.objects.open().with_list_related_data().worst_first()


def history_of(case: Case) -> list[Act]:
    """What was done of this text, the last first."""
    acts = Act.objects.filter(subject_kind=case.subject_kind, subject_id=case.subject_id)
    return list(acts.select_related("by_account").order_by("-pk")[:50])


def _apply(reached: subjects.Subject, case: Case, *, was_held: bool) -> None:
    if case.outcome != Outcome.KEPT:
        reached.hide(case.subject_id, texts.reason_for_author(case))
    elif was_held:
        reached.restore(case.subject_id)


def _locked(case: Case, by_account: Account) -> Case:
    """The case, under a lock, if this account may act on it now."""
    # Locked first, then read: who has it or decided it may be another while this one waits.
    list(Case.objects.select_for_update().filter(pk=case.pk).values_list("pk"))
    known = Case.objects.select_related("author", "taken_by", "decided_by").get(pk=case.pk)
    if not known.is_open:
        raise NotAllowedError(already(known))
    holder = known.holder()
    if holder is not None and holder != by_account:
        raise NotAllowedError(f"Ce texte est pris par {holder} jusqu’à {timezone.localtime(known.taken_until):%H:%M}.")
    return known


def already(case: Case) -> str:
    """Who decided what."""
    by = f" par {case.decided_by}" if case.decided_by else ""
    return f"Ce texte a déjà été {case.get_outcome_display()}{by}."
