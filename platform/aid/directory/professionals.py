"""The verbs of professionals: propose one, check, show, refuse, close; check again each year."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import limits
from accounts.models import Account
from aid.directory import texts
from aid.directory.enums import ENDED, MOVES, RUNNING, Move, ProfessionalState
from aid.directory.models import LONGEST_REASON, Professional
from aid.directory.moderating import have_read, subject_of
from aid.directory.searching import Place, Wanted, fits
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.moderation import services as moderation
from core.company_numbers import normalise_siret
from core.dates import months_after
from core.text import fold, tidy, tidy_lines

SUBJECT = "professional"
MOST_A_DAY = 5
CHECKED_EVERY = 12  # months
TAKEN = "Ce SIRET est déjà dans notre annuaire, ou attend d’être vérifié. Appelez-nous pour changer quelque chose."


class LimitReachedError(Exception):
    """Too many were proposed from one internet address today."""


class NotAllowedError(Exception):
    """The professional is not where this step starts; the message says where it stands, in French."""


@transaction.atomic
def propose_online(*, internet_address: str, **fields: Any) -> Professional:
    """Keep what somebody proposes on the site, for an agent to check; sent twice, it is the same.

    Raises ValidationError by field, LimitReachedError.
    """
    day = timedelta(days=1)
    if not limits.hit(kind="professional.address", subject=internet_address, most=MOST_A_DAY, within=day):
        raise LimitReachedError
    return _propose(by_account=None, **fields)


@transaction.atomic
def propose_for(*, by_account: Account, **fields: Any) -> Professional:
    """Keep what an agent types for a professional. Raises ValidationError by field."""
    return _propose(by_account=by_account, **fields)


@transaction.atomic
def take(professional: Professional, move: Move, *, by_account: Account, words: str = "") -> Professional:
    """Take a step, with the answer to what it asks. Of two at once, one passes.

    Raises NotAllowedError for the other, ValidationError where nothing was answered.
    """
    words = tidy(words)
    if move.asks and not words:
        raise ValidationError({"words": "Écrivez quelques mots."})
    if len(words) > LONGEST_REASON:
        raise ValidationError({"words": f"Écrivez {LONGEST_REASON} signes au plus."})
    if move.target in ENDED:
        moderation.withdraw(subject=subject_of(professional))
    known = Professional.objects.select_for_update(of=["self"]).get(pk=professional.pk)
    if known.state not in move.sources:
        raise NotAllowedError(f"Ce professionnel est {known.get_state_display()}.")
    known.state, known.decided_at, known.decided_by = move.target, timezone.now(), by_account
    if move.checks:
        known.checked_on, known.checked_by, known.checked_how = timezone.localdate(), by_account, words
    else:
        known.reason = words
    known.save()
    if move.checks or move.target != ProfessionalState.SHOWN:
        followups.settle(subject=(SUBJECT, known.pk), outcome=f"{known.get_state_display().capitalize()}.")
    return known


@transaction.atomic
def change(professional: Professional, **fields: Any) -> Professional:
    """Change what is told of a professional; their SIRET stays. The town's rules read what is public where it changes.

    Raises ValidationError, by field, and for one that was written again meanwhile.
    """
    read = Professional.objects.get(pk=professional.pk)
    before = read.public_text
    _fill(read, fields)
    if read.public_text != before:
        have_read(read)
    known = Professional.objects.select_for_update(of=["self"]).get(pk=professional.pk)
    if known.public_text != before:
        raise ValidationError("Quelqu’un vient de changer cette annonce : relisez-la.")
    return _write(known, **fields)


def ask_to_check_again() -> int:
    """Ask that what is shown, and was checked a year ago, be checked again: once until it is. Answer how many wait."""
    before = months_after(timezone.localdate(), -CHECKED_EVERY)
    due = list(Professional.objects.shown().filter(checked_on__lte=before).order_by("checked_on", "pk"))
    for one in due:
        followups.ask(kind=FollowUpKind.MODERATION, subject=(SUBJECT, one.pk), words=texts.to_check_again(one))
    return len(due)


def find(wanted: Wanted, *, communes: Iterable[Place]) -> list[Professional]:
    """Those shown to visitors who fit what is looked for, by trade; `communes` are all of the territory's.

    They are looked for as referents are (`searching.fits`), by their name, their trade, what all read of their words.
    """
    everywhere = list(communes)
    shown = Professional.objects.shown().with_places()
    found = [
        one for one in shown if fits(wanted, [one.name, one.trade, one.public_words], one.communes.all(), everywhere)
    ]
    return sorted(found, key=lambda one: (fold(one.trade), fold(one.name), one.pk))


def moves_of(professional: Professional) -> list[Move]:
    """The steps that may be taken from where a professional stands."""
    return [move for move in MOVES.values() if professional.state in move.sources]


def _propose(*, by_account: Account | None, siret: str, **fields: Any) -> Professional:
    number = normalise_siret(siret)
    running = Professional.objects.filter(siret=number, state__in=RUNNING).first()
    if running is not None:
        is_same = running.state == ProfessionalState.PROPOSED and fold(running.name) == fold(fields["name"])
        if is_same and running.created_by == by_account:
            return running
        raise ValidationError({"siret": TAKEN})
    made = _write(Professional(siret=number, created_by=by_account), **fields)
    have_read(made)
    if by_account is None:
        followups.ask(kind=FollowUpKind.MODERATION, subject=(SUBJECT, made.pk), words=texts.to_check(made))
    return made


def _fill(professional: Professional, fields: dict[str, Any]) -> None:
    """Put tidied fields on a row that is not saved yet; its communes are left alone."""
    for name in fields.keys() - {"communes"}:
        setattr(professional, name, fields[name])
    for name in ("name", "trade", "legal_form"):
        setattr(professional, name, tidy(getattr(professional, name)))
    professional.words = tidy_lines(professional.words)
    professional.approval = re.sub(r"[\s.\-]", "", professional.approval).upper()


def _write(professional: Professional, **fields: Any) -> Professional:
    _fill(professional, fields)
    professional.clean_fields(exclude={"created_by", "checked_by", "decided_by"})
    if professional.approval and not re.fullmatch(r"SAP[0-9]{9}", professional.approval):
        raise ValidationError({"approval": "Un agrément s’écrit SAP suivi de neuf chiffres."})
    professional.validate_constraints()
    try:
        with transaction.atomic():
            professional.save()
    except IntegrityError:
        # Two proposed the same SIRET at once.
        raise ValidationError({"siret": TAKEN}) from None
    if "communes" in fields:
        professional.communes.set(fields["communes"])
    return professional
