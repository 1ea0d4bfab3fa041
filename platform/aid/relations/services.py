"""The verbs of relations: note who is whose relative, who lives with whom; let somebody act for another, end it."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import limits
from accounts.models import Account
from accounts.roles import is_staff
from aid.moderation.sanctions import is_excluded
from aid.notifications import services as notifications
from aid.notifications.words import Words
from aid.people.models import Person
from aid.people.services import numbers_of
from aid.relations import texts
from aid.relations.enums import Consent, Deed, InvitationState, Kinship, Scope
from aid.relations.models import (
    ActedFor,
    Household,
    HouseholdMember,
    Invitation,
    Mandate,
    Relative,
    one_year_after,
)
from core.text import tidy

MOST_INVITATIONS_A_DAY = 5
# Shown on one page, the latest of them.
MOST_PAST, MOST_DEEDS = 30, 60
ALREADY = "Cette personne agit déjà pour elle. Retirez d’abord le mandat en cours."


class NoMandateError(Exception):
    """The mandate is not in force any more, or does not allow this."""


class TooManyError(Exception):
    """Enough mandates were offered today; the message says so, in French."""


@transaction.atomic
def note_relative(person: Person, relative: Person, *, kind: Kinship, by_account: Account | None = None) -> Relative:
    """Keep what somebody is to a person; noted again, what was said last is kept.

    Raises ValidationError for oneself, and where the tie is noted the other way round.
    """
    if person == relative:
        raise ValidationError("Choisissez quelqu’un d’autre que cette personne.")
    try:
        with transaction.atomic():
            noted, _ = Relative.objects.update_or_create(
                person=person,
                relative=relative,
                defaults={"kind": kind},
                create_defaults={"kind": kind, "created_by": by_account},
            )
    except IntegrityError:
        raise ValidationError("Ce lien est déjà noté, dans l’autre sens.") from None
    return noted


def kinship_of(person: Person, relative: Person) -> str:
    """What somebody is noted to be to a person, as a `Kinship`; empty where nothing is."""
    return Relative.objects.filter(person=person, relative=relative).values_list("kind", flat=True).first() or ""


def forget_relative(person: Person, other: Person) -> bool:
    """Take a tie away, whichever way it was noted; whether there was one. A mandate is not a tie: it stays."""
    count = Relative.objects.filter(person=person, relative=other).delete()[0]
    return bool(count + Relative.objects.filter(person=other, relative=person).delete()[0])


def relatives_of(person: Person) -> list[tuple[Person, str]]:
    """Who is noted as close to a person, whichever way: each with what they are to them, else an empty string."""
    ties = Relative.objects.filter(Q(person=person) | Q(relative=person)).select_related("person", "relative")
    return [
        (tie.relative, tie.get_kind_display()) if tie.person_id == person.pk else (tie.person, "")
        for tie in ties.order_by("pk")
    ]


def close_to(person: Person) -> list[tuple[Person, str]]:
    """Who may ask for somebody: her relatives, and who holds a mandate, each with what they are to her."""
    close = dict(relatives_of(person))
    holders = Person.objects.filter(mandates__in=Mandate.objects.in_force().filter(principal=person))
    return list((dict.fromkeys(holders.order_by("pk"), "par un mandat") | close).items())


@transaction.atomic
def live_together(person: Person, other: Person) -> Household:
    """Keep that two persons live under one roof: who has one already brings the other in.

    Raises ValidationError where each has a roof of their own, and for oneself.
    """
    if person == other:
        raise ValidationError("Choisissez quelqu’un d’autre que cette personne.")
    # Both are held, in one order: two agents may say it at once, from either card.
    list(Person.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=[person.pk, other.pk]).order_by("pk"))
    members = HouseholdMember.objects.select_related("household").filter(person__in=[person, other])
    roofs = {member.person_id: member.household for member in members}
    if len(set(roofs.values())) > 1:
        raise ValidationError("Chacun est déjà noté dans un foyer. Sortez-en d’abord l’un des deux.")
    household = next(iter(roofs.values()), None) or Household.objects.create()
    HouseholdMember.objects.bulk_create(
        HouseholdMember(household=household, person=one) for one in (person, other) if one.pk not in roofs
    )
    return household


@transaction.atomic
def leave_household(person: Person) -> None:
    """Take somebody out of their household; one person alone is no household."""
    member = HouseholdMember.objects.filter(person=person).first()
    if member is None:
        return
    household = Household.objects.select_for_update().get(pk=member.household_id)
    member.delete()
    if household.members.count() < len(("one", "other")):
        household.delete()


def shares_household_with(person: Person) -> list[Person]:
    """Who lives under the same roof, the first noted first."""
    others = Person.objects.filter(household_member__household__members__person=person)
    return list(others.exclude(pk=person.pk).order_by("household_member__pk"))


@transaction.atomic
def grant(
    *,
    representative: Person,
    principal: Person,
    scope: Collection[Scope],
    consent: Consent,
    by_account: Account | None = None,
    circumstances: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Mandate:
    """Let somebody act for another, from today and for one year unless told otherwise. Both are told.

    Raises ValidationError by field: for oneself, for the town's own people (they act at the desk), beyond one year, for
    nothing to do, and while a mandate between the two runs; of two grants at once, the second is refused.
    """
    if representative.account is not None and is_staff(representative.account):
        raise ValidationError("Cette personne est de l’équipe : elle agit depuis le bureau, sous son propre nom.")
    if not (representative.is_living and principal.is_living):
        raise ValidationError("Une de ces deux personnes est décédée, ou sa fiche vient d’être réunie à une autre.")
    starts_on = starts_on or timezone.localdate()
    mandate = Mandate(
        representative=representative,
        principal=principal,
        scope=[one.value for one in Scope if one in scope],
        consent=consent,
        by_account=by_account,
        circumstances=tidy(circumstances),
        starts_on=starts_on,
        ends_on=ends_on or one_year_after(starts_on),
    )
    check_end(mandate.ends_on, starts_on=starts_on)
    mandate.full_clean(exclude={"uid"}, validate_constraints=False)
    mandate.validate_constraints(exclude={"uid"})
    try:
        with transaction.atomic():
            mandate.save()
    except IntegrityError:
        # All else was just checked: another grant came first.
        raise ValidationError(ALREADY) from None
    _tell_both(mandate, "begins", texts.begins_for_principal(mandate), texts.begins_for_representative(mandate))
    return mandate


@transaction.atomic
def extend(
    mandate: Mandate,
    *,
    consent: Consent,
    scope: Collection[Scope] | None = None,
    by_account: Account | None = None,
    circumstances: str = "",
    ends_on: date | None = None,
) -> Mandate:
    """Renew a mandate: from today a new one runs in its place, for the same unless told otherwise.

    Both are told that it begins, nobody that the other ended. Raises ValidationError as `grant` does.
    """
    renewed = Mandate.objects.select_for_update(of=["self"]).with_persons().get(pk=mandate.pk)
    if renewed.revoked_at is None:
        renewed.revoked_at, renewed.revoked_by_account = timezone.now(), by_account
        renewed.save(update_fields=["revoked_at", "revoked_by_account"])
    return grant(
        representative=renewed.representative,
        principal=renewed.principal,
        scope=[Scope(one) for one in renewed.scope] if scope is None else scope,
        consent=consent,
        by_account=by_account,
        circumstances=circumstances,
        ends_on=ends_on,
    )


def check_end(ends_on: date, *, starts_on: date) -> None:
    """Raise ValidationError for an end that is past, or more than a year away."""
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "Choisissez aujourd’hui ou un jour à venir."})
    if ends_on > one_year_after(starts_on):
        raise ValidationError({"ends_on": "Un mandat dure un an au plus. Il peut être renouvelé ensuite."})


@transaction.atomic
def revoke(mandate: Mandate, *, by_account: Account | None = None, by_person: Person | None = None) -> Mandate:
    """End a mandate now: by either of the two, or by an agent for one of them. A second time changes nothing.

    Both are told. Raises NoMandateError for anybody else.
    """
    known = Mandate.objects.select_for_update(of=["self"]).with_persons().get(pk=mandate.pk)
    if by_account is None and by_person not in (known.principal, known.representative):
        raise NoMandateError
    if known.revoked_at is not None:
        return known
    known.revoked_at, known.revoked_by_account, known.revoked_by = timezone.now(), by_account, by_person
    known.save(update_fields=["revoked_at", "revoked_by_account", "revoked_by"])
    _tell_both(known, "ends", texts.ends_for_principal(known), texts.ends_for_representative(known))
    return known


def mandates_in_force(representative: Person) -> list[Mandate]:
    """For whom somebody may act today, by first name. The town's own people act at the desk: for nobody."""
    if representative.account is not None and is_staff(representative.account):
        return []
    theirs = Mandate.objects.in_force().with_persons().filter(representative=representative)
    return list(theirs.order_by("principal__search_name", "pk"))


def mandate_in_force(uid: UUID | str, representative: Person) -> Mandate | None:
    """The mandate of this uid, if this person may act under it today; `uid` may be anything that a session holds."""
    return next((one for one in mandates_in_force(representative) if str(one.uid) == str(uid)), None)


def mandates_given(principal: Person) -> list[Mandate]:
    """Who may act for somebody today."""
    return list(Mandate.objects.in_force().with_persons().filter(principal=principal))


def reads_for(principal: Person) -> Person | None:
    """Who reads what is written for a person: who may follow their requests, by the first mandate that runs today.

    Who is excluded (aid.moderation) acts for nobody, and reads for nobody.
    """
    following = Mandate.objects.in_force().filter(principal=principal, scope__contains=[Scope.REQUESTS])
    mandate = following.select_related("representative").order_by("starts_on", "pk").first()
    return mandate.representative if mandate and not is_excluded(mandate.representative) else None


def mandate_between(*, representative: Person, principal: Person) -> Mandate | None:
    """The mandate that runs today between two persons."""
    return Mandate.objects.in_force().filter(representative=representative, principal=principal).first()


def mandates_past(person: Person) -> list[Mandate]:
    """Those that ended, or are to come, on either side; the latest first."""
    theirs = Mandate.objects.with_persons().filter(Q(principal=person) | Q(representative=person))
    return [one for one in theirs[:MOST_PAST] if not one.is_in_force]


def deeds_about(subject: UUID) -> list[ActedFor]:
    """What was done for somebody about one request, the latest first."""
    return list(ActedFor.objects.with_persons().filter(subject=subject))


def deeds_for(person: Person) -> list[ActedFor]:
    """What others did for somebody, the latest first: under a mandate, or an agent for who phoned."""
    return list(ActedFor.objects.with_persons().filter(principal__in=numbers_of(person))[:MOST_DEEDS])


@transaction.atomic
def hold(mandate: Mandate, scope: Scope) -> Mandate:
    """Make sure that something may be done under a mandate, to the end of the transaction: who withdraws it waits.

    Raises NoMandateError.
    """
    held = Mandate.objects.select_for_update(of=["self"], no_key=True).in_force().with_persons()
    known = held.filter(pk=mandate.pk).first()
    if known is None or not known.allows(scope):
        raise NoMandateError
    return known


def note_deed(
    deed: Deed,
    *,
    mandate: Mandate | None = None,
    principal: Person | None = None,
    representative: Person | None = None,
    by_account: Account | None = None,
    subject: UUID | None = None,
) -> ActedFor:
    """Keep what was done for somebody: under a mandate, or by an agent for a `principal` (asked by a `representative`
    whom the town knows, or by a name that is on the request)."""
    return ActedFor.objects.create(
        deed=deed,
        mandate=mandate,
        principal=mandate.principal if mandate else principal,
        representative=mandate.representative if mandate else representative,
        by_account=by_account,
        subject=subject,
    )


@transaction.atomic
def invite(
    *,
    principal: Person,
    first_name: str,
    scope: Collection[Scope],
    phone: str = "",
    email: str = "",
    ends_on: date | None = None,
) -> Invitation:
    """Offer a mandate to who reads at a number (E.164) or an address. Whether the town knows it, nobody can tell:
    nothing is sent, and all is the same until a code proves who reads there.

    Raises ValidationError by field, and TooManyError past some a day.
    """
    today = timezone.localdate()
    invitation = Invitation(
        principal=principal,
        first_name=tidy(first_name),
        phone=phone,
        email=email.strip().lower(),
        scope=[one.value for one in Scope if one in scope],
        ends_on=ends_on or one_year_after(today),
    )
    check_end(invitation.ends_on, starts_on=today)
    invitation.full_clean(exclude={"uid"})
    within = timedelta(days=1)
    if not limits.hit(kind="mandate.offer", subject=str(principal.pk), most=MOST_INVITATIONS_A_DAY, within=within):
        raise TooManyError("Vous avez déjà fait plusieurs propositions aujourd’hui. Appelez-nous.")
    invitation.save()
    return invitation


@transaction.atomic
def accept(invitation: Invitation, *, representative: Person) -> Mandate:
    """Who reads at the contact agrees: the mandate begins. Raises NoMandateError when nothing waits any more, and
    ValidationError as `grant` does."""
    known = _answered(invitation, InvitationState.ACCEPTED)
    return grant(
        representative=representative,
        principal=known.principal,
        scope=[Scope(one) for one in known.scope],
        consent=Consent.ON_SCREEN,
        ends_on=known.ends_on,
    )


def decline(invitation: Invitation) -> None:
    """Who reads at the contact does not want to act. Raises NoMandateError when nothing waits any more."""
    _answered(invitation, InvitationState.DECLINED)


def withdraw(invitation: Invitation) -> None:
    """Who offered it thinks better of it. Raises NoMandateError when nothing waits any more."""
    _answered(invitation, InvitationState.WITHDRAWN)


def awaits(*, phone: str = "", email: str = "") -> Invitation | None:
    """The latest offer that waits for who reads at a contact: it lets in whom the town knows not."""
    return Invitation.objects.waiting().to(phone=phone, email=email).order_by("-pk").first()


@transaction.atomic
def _answered(invitation: Invitation, state: InvitationState) -> Invitation:
    waiting = Invitation.objects.select_for_update(of=["self"]).waiting().select_related("principal")
    known = waiting.filter(pk=invitation.pk).first()
    if known is None:
        raise NoMandateError
    known.state, known.first_name, known.phone, known.email = state, "", "", ""
    known.save(update_fields=["state", "first_name", "phone", "email"])
    return known


def _tell_both(mandate: Mandate, what: str, principal: Words, representative: Words) -> None:
    for person, whose, words in (
        (mandate.principal, "principal", principal),
        (mandate.representative, "representative", representative),
    ):
        key = f"mandate:{mandate.pk}:{what}:{whose}"
        notifications.send(person=person, kind=f"mandate_{what}", key=key, words=words)
