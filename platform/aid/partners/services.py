"""The verbs of flags: send one, take it, link it to a card, close it."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import limits
from accounts.models import Account
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask, finish, settle, turn_to
from aid.notifications.services import send_to_address
from aid.partners import contents, grids, texts
from aid.partners.contents import Content
from aid.partners.enums import (
    GIVEN_LATER,
    LEAVE,
    TAKE,
    TAKE_ON,
    FlagConsent,
    FlagMove,
    FlagState,
    Level,
    NoFollowUp,
    Urgency,
)
from aid.partners.keeping import reached_at
from aid.partners.models import Flag, GridVersion, PartnerContact
from aid.people.models import Person
from aid.people.services import register_person
from aid.territory.models import CoveredCommune, District

SUBJECT, HANDOVER = "flag", "flag_handover"
# What a contact may send in a day: a whole round of visits, and no flood.
MOST_A_DAY, A_DAY = 40, timedelta(days=1)
# When it is told on the board. A grid that finds much isolation is read as one step more urgent.
DUE_AFTER = {
    Urgency.NOW: timedelta(0),
    Urgency.WEEK: timedelta(days=1),
    Urgency.MONTH: timedelta(days=3),
    Urgency.LATER: timedelta(days=7),
}


class NotAllowedError(Exception):
    """The flag is not where this step starts; the message says where it stands, in French."""


class LimitReachedError(Exception):
    """Too many in a day; the message says what to do, in French."""


class ClosedContactError(Exception):
    """This contact may send nothing any more."""


@transaction.atomic
def send_flag(
    *,
    contact: PartnerContact,
    form_uid: UUID,
    grid: GridVersion,
    commune: CoveredCommune,
    district: District | None,
    urgency: Urgency,
    consent: FlagConsent,
    content: Content,
) -> Flag:
    """Keep what a partner says of somebody, sealed, and have it read at the desk by its urgency and its points.

    The same form sent twice is one flag. The grid is the version that was shown, in use or not. A flag without the
    person's agreement names nobody. Raises ClosedContactError, LimitReachedError, ValidationError and SealError.
    """
    # Of two sends of one form, the second finds the first's row.
    sender = PartnerContact.objects.open().select_for_update(of=["self"]).filter(pk=contact.pk).first()
    if sender is None:
        raise ClosedContactError
    sent = Flag.objects.filter(contact=sender, form_uid=form_uid).first()
    if sent is not None:
        return sent
    if not limits.hit(kind="partner_flag", subject=str(sender.pk), most=MOST_A_DAY, within=A_DAY):
        raise LimitReachedError(f"Vous avez envoyé {MOST_A_DAY} signalements en un jour. Appelez-nous pour la suite.")
    if consent == FlagConsent.NOT_ASKED and (content.full_name or content.phone or content.address):
        raise ValidationError("Sans son accord, ne donnez ni nom, ni téléphone, ni adresse.")
    score, level = grids.score_of(grids.grid_of(grid), content.answers)
    flag = Flag(
        partner_id=sender.partner_id,
        contact=sender,
        grid=grid,
        form_uid=form_uid,
        commune=commune,
        district=district,
        urgency=urgency,
        consent=consent,
        score=score,
        level=level,
    )
    contents.seal(flag, content)
    flag.full_clean(exclude=["partner", "contact", "grid", "commune", "district", "sealed_with"])
    flag.save()
    ask(
        kind=FollowUpKind.FLAG,
        subject=(SUBJECT, flag.pk),
        words=texts.to_read(flag),
        due_at=flag.sent_at + _due_after(flag),
    )
    return flag


def _due_after(flag: Flag) -> timedelta:
    steps = list(DUE_AFTER.values())
    rank = list(DUE_AFTER).index(Urgency(flag.urgency))
    return steps[max(rank - 1, 0)] if flag.level == Level.HIGH else steps[rank]


@transaction.atomic
def take(flag: Flag, *, by_account: Account, from_account: Account | None = None) -> Flag:
    """Say that one follows it. A second time by the same changes nothing.

    `from_account`: who has it, where it is taken over from them; that it was is kept (`handovers_of`). Raises
    NotAllowedError where it is another who has it by now, or where it is closed.
    """
    known = _locked(flag)
    if known.in_hand_by_id == by_account.pk and known.is_waiting:
        return known
    if known.in_hand_by != from_account:
        raise NotAllowedError(_where(known))
    _check(known, TAKE)
    is_taken_over = known.in_hand_at is not None
    known.state, known.in_hand_by = TAKE.target, by_account
    known.in_hand_at = known.in_hand_at or timezone.now()
    known.save(update_fields=["state", "in_hand_at", "in_hand_by"])
    if is_taken_over:
        # Done as soon as it is asked: a line that is dated, signed, and that nobody has to do.
        line = ask(
            kind=FollowUpKind.FLAG, subject=(HANDOVER, known.pk), words=texts.taken_over(by_account, from_account)
        )
        finish(line, by_account=by_account)
    return known


def handovers_of(flag: Flag) -> QuerySet[FollowUp]:
    """Each time that somebody took it over from a colleague, the first first."""
    return FollowUp.objects.filter(subject_kind=HANDOVER, subject_id=flag.pk).order_by("pk")


@transaction.atomic
def link(flag: Flag, person: Person, *, by_account: Account, consent: str = "") -> Flag:
    """Have a flag lead to a card, while it waits; its follow-up comes along, and who links it follows it.

    `consent`: how the person agreed, for a flag that came without it. Raises ValidationError where nobody has asked
    them yet, and NotAllowedError for a flag that is closed.
    """
    known = _locked(flag)
    if not known.is_waiting:
        raise NotAllowedError(_where(known))
    if not known.has_consent:
        if consent not in GIVEN_LATER:
            raise ValidationError(
                {"consent": "Demandez d’abord l’accord de la personne, puis dites comment il est donné."}
            )
        known.later_consent = consent
    known.person = person
    if known.state == FlagState.RECEIVED:
        known.state, known.in_hand_at, known.in_hand_by = TAKE.target, timezone.now(), by_account
    known.save(update_fields=["person", "later_consent", "state", "in_hand_at", "in_hand_by"])
    turn_to(person, subject=(SUBJECT, known.pk))
    return known


@transaction.atomic
def create_card(flag: Flag, *, by_account: Account) -> Person:
    """Write down who was flagged, as the partner named them, and have the flag lead there.

    Pressed twice, it is one card. Raises NotAllowedError, and ValidationError for a flag that names nobody, or a name
    or a number that cannot be written down.
    """
    known = _locked(flag)
    if known.person is not None:
        return known.person
    if not known.is_waiting:
        raise NotAllowedError(_where(known))
    said = contents.read(known)
    if said is None or not said.full_name or not known.has_consent:
        raise ValidationError("Ce signalement ne nomme personne.")
    person = register_person(
        first_name=said.first_name,
        last_name=said.last_name,
        phone=said.phone,
        commune=known.commune,
        district=known.district,
        address=said.address,
        birth_year=said.birth_year,
        created_by=by_account,
    )
    link(known, person, by_account=by_account)
    return person


def take_on(flag: Flag, *, by_account: Account) -> Flag:
    """Close a flag: somebody is there for the person. The partner is told so, and no more. Raises NotAllowedError."""
    return _close(flag, TAKE_ON, by_account=by_account)


def leave(flag: Flag, *, reason: NoFollowUp, by_account: Account) -> Flag:
    """Close a flag that nothing follows; the reason is for staff. Raises NotAllowedError."""
    return _close(flag, LEAVE, by_account=by_account, reason=reason)


@transaction.atomic
def _close(flag: Flag, move: FlagMove, *, by_account: Account, reason: str = "") -> Flag:
    known = _locked(flag)
    _check(known, move)
    now = timezone.now()
    if known.in_hand_at is None:
        known.in_hand_at, known.in_hand_by = now, by_account
    known.state, known.closed_at, known.closed_by, known.reason = move.target, now, by_account, reason
    known.save(update_fields=["state", "in_hand_at", "in_hand_by", "closed_at", "closed_by", "reason"])
    settle(subject=(SUBJECT, known.pk), outcome=f"Signalement {known.get_state_display()}.")
    _tell(known)
    return known


def _tell(flag: Flag) -> None:
    """Write to who sent it, where they still may be written to."""
    contact = PartnerContact.objects.open().filter(pk=flag.contact_id).first()
    if contact is not None:
        key = f"flag:{flag.pk}:{flag.state}"
        send_to_address(**reached_at(contact), kind="flag_outcome", key=key, words=texts.outcome(flag))


def _locked(flag: Flag) -> Flag:
    """The flag as it is, until the end of the transaction.

    What it leads to is read afterwards: a row that is joined while waiting for another's lock is the one of before.
    """
    return Flag.objects.select_for_update().get(pk=flag.pk)


def _check(flag: Flag, move: FlagMove) -> None:
    if flag.state not in move.sources:
        raise NotAllowedError(_where(flag))


def _where(flag: Flag) -> str:
    if flag.is_waiting and flag.in_hand_by is not None:
        return f"{flag.in_hand_by} s’en occupe déjà."
    return f"Ce signalement est déjà {flag.get_state_display()}."
