"""Measures about somebody: warn, mute, suspend, exclude, lift; and the one appeal that each allows.

What a measure does in a room above (a volunteer who is suspended is asked nothing any more), that room does itself:

    sanctions.on(SanctionKind.SUSPENSION, begins=…, ends=…)   # from `ready()`; each takes the Sanction

Both are called in the same transaction as the measure.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from accounts.roles import Role, roles_of
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.moderation import journal, texts
from aid.moderation.enums import AppealState, Deed, Reason, SanctionKind, Via
from aid.moderation.models import Case, Sanction
from aid.moderation.models.sanctions import LONGEST_ANSWER, LONGEST_APPEAL, LONGEST_WORDS
from aid.notifications import services as notifications
from aid.notifications.words import Words
from aid.people.models import Person
from aid.people.services import locked

# What follow-ups are about: an appeal to answer, a measure to look at again.
APPEAL, REVIEW = "sanction_appeal", "sanction_review"
Handler = Callable[[Sanction], None]
_begins: dict[SanctionKind, list[Handler]] = {}
_ends: dict[SanctionKind, list[Handler]] = {}


class NotAllowedError(Exception):
    """The measure is not where this step starts, or it is for somebody else; the message says so in French."""


def on(kind: SanctionKind, *, begins: Handler, ends: Handler) -> None:
    """Have these called when a measure of this kind is taken, and when it is lifted. For rooms above; twice is once."""
    for handlers, handler in ((_begins, begins), (_ends, ends)):
        if handler not in handlers.setdefault(kind, []):
            handlers[kind].append(handler)


def silencing(person: Person) -> Sanction | None:
    """What keeps a person from publishing now, the gravest; None for nearly everybody. One query."""
    found = Sanction.objects.in_force().filter(person=person)
    return max(found, key=lambda one: list(SanctionKind).index(SanctionKind(one.kind)), default=None)


def is_excluded(person: Person) -> bool:
    """Whether the doors of a person are closed. One query."""
    return Sanction.objects.exclusions().filter(person=person).exists()


def refuse_if_silenced(person: Person) -> None:
    """Raise ValidationError, in French, for who may publish nothing for now."""
    standing = silencing(person)
    if standing is not None:
        raise ValidationError(texts.silenced(standing), "silenced")


def refuse_if_standing(person: Person) -> None:
    """Raise ValidationError, in French, for who is suspended or excluded: somebody lifts that first."""
    standing = Sanction.objects.standing().filter(person=person).first()
    if standing is not None:
        raise ValidationError(texts.LIFT_FIRST[SanctionKind(standing.kind)], "standing")


def are_any(person: Person) -> bool:
    """Whether there is a measure about a person, or ever was. One query."""
    return Sanction.objects.filter(person=person).exists()


def of(person: Person) -> list[Sanction]:
    """All measures about a person, the last first."""
    return list(Sanction.objects.with_list_related_data().filter(person=person).order_by("-pk"))


@transaction.atomic
def take(
    *,
    person: Person,
    kind: SanctionKind,
    reason: Reason,
    words: str,
    by_account: Account,
    ends_at: datetime | None = None,
    case: Case | None = None,
) -> Sanction:
    """Take a measure about somebody, who is told what, why and how to answer.

    A mute ends by itself at `ends_at`; a suspension is looked at again then, by somebody. Raises ValidationError by
    field: no words, a date that is past, a measure that is running already.
    """
    person = locked(person)
    if not person.is_living:
        raise ValidationError("Cette personne est décédée.")
    words = _checked("words", words, LONGEST_WORDS, required="Écrivez pourquoi : la personne le lira.")
    if ends_at is not None and ends_at <= timezone.now():
        raise ValidationError({"ends_on": "Choisissez une date à venir."})
    taken = Sanction(
        person=person, kind=kind, reason=reason, words=words, by_account=by_account, ends_at=ends_at, case=case
    )
    taken.full_clean(exclude={"uid"})
    taken.save()
    journal.note_sanction(taken, Deed(kind.value), by_account=by_account)
    for handler in _begins.get(SanctionKind(kind), ()):
        handler(taken)
    if kind == SanctionKind.SUSPENSION and ends_at is not None:
        _ask(REVIEW, taken, texts.LOOK_AGAIN, due_at=ends_at)
    if kind == SanctionKind.EXCLUSION:
        _ask(REVIEW, taken, texts.LOOK_AROUND)
    _tell(taken, "taken", texts.taken(taken))
    return taken


@transaction.atomic
def lift(sanction: Sanction, *, by_account: Account) -> Sanction:
    """End a measure before its time; the person is told. Raises NotAllowedError."""
    known = _locked(sanction)
    if not known.stands:
        raise NotAllowedError(_over(known))
    if known.appeal_state == AppealState.WAITING:
        raise NotAllowedError("Un recours attend : répondez-y.")
    _lift(known, by_account)
    _tell(known, "lifted", texts.lifted(known))
    return known


@transaction.atomic
def appeal(sanction: Sanction, *, words: str, via: Via, entered_by: Account | None = None) -> Sanction:
    """Write down what the person answers, once: somebody else than who decided looks at it again.

    Raises NotAllowedError for a second one or a measure that is lifted, ValidationError by field.
    """
    known = _locked(sanction)
    if not known.may_be_appealed:
        raise NotAllowedError("Un recours a déjà été demandé." if known.stands else _over(known))
    known.appeal_words = _checked("words", words, LONGEST_APPEAL, required="Écrivez ce que vous voulez nous dire.")
    known.appeal_state, known.appeal_via = AppealState.WAITING, via
    known.appealed_at, known.appeal_entered_by = timezone.now(), entered_by
    known.save(update_fields=["appeal_words", "appeal_state", "appeal_via", "appealed_at", "appeal_entered_by"])
    journal.note_sanction(known, Deed.APPEALED, by_account=entered_by)
    _ask(APPEAL, known, texts.APPEAL_WAITS)
    return known


@transaction.atomic
def answer(sanction: Sanction, *, is_lifted: bool, words: str, by_account: Account) -> Sanction:
    """Uphold a measure or lift it, and say why. Raises NotAllowedError for who decided it, ValidationError by field."""
    known = _locked(sanction)
    if known.appeal_state != AppealState.WAITING:
        raise NotAllowedError("Ce recours a déjà sa réponse." if known.appeal_state else "Aucun recours n’attend.")
    if known.by_account_id == by_account.pk:
        raise NotAllowedError("Vous avez décidé cette mesure : un ou une collègue examine le recours.")
    known.appeal_answer = _checked("words", words, LONGEST_ANSWER, required="Écrivez pourquoi : la personne le lira.")
    known.appeal_state = AppealState.LIFTED if is_lifted else AppealState.UPHELD
    known.appeal_answered_at, known.appeal_answered_by = timezone.now(), by_account
    if is_lifted:
        _lift(known, by_account)
    else:
        journal.note_sanction(known, Deed.UPHELD, by_account=by_account)
    known.save(update_fields=["appeal_answer", "appeal_state", "appeal_answered_at", "appeal_answered_by"])
    followups.settle(subject=(APPEAL, known.pk), outcome=f"Recours : {known.get_appeal_state_display()}.")
    _tell(known, "answered", texts.answered(known))
    return known


def may_lift(sanction: Sanction, account: Account) -> bool:
    """Whether an account may end a measure: only an administrator has back who was excluded."""
    return sanction.kind != SanctionKind.EXCLUSION or Role.ADMINISTRATOR in roles_of(account)


def _lift(known: Sanction, by_account: Account) -> None:
    if not may_lift(known, by_account):
        raise NotAllowedError("Seul un administrateur peut réadmettre une personne exclue.")
    was_in_force = known.is_in_force
    known.lifted_at, known.lifted_by = timezone.now(), by_account
    known.save(
        update_fields=[
            "lifted_at",
            "lifted_by",
            "appeal_state",
            "appeal_answer",
            "appeal_answered_at",
            "appeal_answered_by",
        ]
    )
    journal.note_sanction(known, Deed.LIFTED, by_account=by_account)
    followups.settle(subject=(REVIEW, known.pk), outcome="Cette mesure est levée.")
    if was_in_force:
        for handler in _ends.get(SanctionKind(known.kind), ()):
            handler(known)


def _over(sanction: Sanction) -> str:
    return "Cette mesure est déjà levée." if sanction.lifted_at else "Cette mesure est terminée."


def _locked(sanction: Sanction) -> Sanction:
    # The person first, as `take` does: two at once never wait for each other.
    locked(sanction.person)
    return Sanction.objects.select_for_update(of=["self"]).select_related("person").get(pk=sanction.pk)


def _ask(subject: str, sanction: Sanction, words: str, due_at: datetime | None = None) -> None:
    asked = {"person": sanction.person, "subject": (subject, sanction.pk), "words": words, "due_at": due_at}
    followups.ask(kind=FollowUpKind.MODERATION, **asked)


def _tell(sanction: Sanction, what: str, words: Words) -> None:
    key = f"sanction:{sanction.pk}:{what}"
    notifications.send(person=sanction.person, kind=f"sanction_{what}", key=key, words=words)


def _checked(field: str, words: str, most: int, *, required: str) -> str:
    words = words.strip()
    if not words:
        raise ValidationError({field: required})
    if len(words) > most:
        raise ValidationError({field: f"Écrivez {most} caractères au plus."})
    return words
