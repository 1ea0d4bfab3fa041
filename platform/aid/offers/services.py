"""What volunteers are ready to do, and finding those who may be asked."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Account
from aid.configuration.models import KindOfHelp
from aid.moderation import blocks
from aid.offers import load
from aid.offers.enums import PartOfDay
from aid.offers.models import Absence, Means, Offer
from aid.offers.slots import slots_of
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer, VolunteerQuerySet
from aid.onboarding.services import admit
from aid.people.models import Person
from aid.people.services import locked
from aid.privacy.enums import SeenOn
from aid.privacy.models import RightsRequest
from aid.privacy.services import note_writing
from aid.territory.models import CoveredCommune
from core.text import tidy
from geography.services import kilometres_between

MOST_ABSENCES = 20
FURTHEST_ABSENCE = datetime.timedelta(days=730)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """All that a volunteer offers, by rows or by names.

    Without commune nor radius they come anywhere; without a slot, at any hour.
    """

    kinds: Iterable[KindOfHelp | str]
    communes: Iterable[CoveredCommune | str] = ()
    radius_km: int | None = None
    centre: CoveredCommune | str | None = None
    slots: Iterable[str] = ()
    monthly_limit: int | None = None
    at_once_limit: int | None = None
    means: Iterable[Means | str] = ()
    languages: Iterable[str] = ()
    limits: str = ""


@transaction.atomic
def welcome(
    *,
    person: Person,
    kinds: Iterable[KindOfHelp],
    communes: Iterable[CoveredCommune] = (),
    on: datetime.date | None = None,
) -> Volunteer:
    """Write down what a person offers and where, and admit who was no volunteer yet; the rest of what they said stays.

    Whose place the town decided already keeps it: who paused stays away, who is suspended stays so. Without a commune,
    they come anywhere in the territory. Raises ValidationError as `admit` does.
    """
    person = locked(person)
    volunteer = Volunteer.objects.filter(person=person).first()
    is_undecided = volunteer is None or volunteer.state in {VolunteerState.CANDIDATE, VolunteerState.LEFT}
    if is_undecided or not person.is_living:
        volunteer = admit(person=person, on=on)
    note_offer(volunteer, kinds=kinds, communes=communes)
    return volunteer


@transaction.atomic
def note_offer(volunteer: Volunteer, *, kinds: Iterable[KindOfHelp], communes: Iterable[CoveredCommune] = ()) -> None:
    """Write down which help somebody offers, whether or not they are admitted yet, in place of what they said before.

    Communes take the place of a radius; without any, how far they come stays as they said.
    """
    offer, chosen = _own(volunteer), list(communes)
    if chosen:
        offer.radius_km = offer.centre = None
        offer.save(update_fields=["radius_km", "centre"])
    offer.kinds.set(kinds)
    offer.communes.set(chosen)


@transaction.atomic
def keep(volunteer: Volunteer, offered: Offered, *, by_account: Account | None = None) -> Offer:
    """Write down all that a volunteer offers, in place of what they offered before; their absences stay.

    An agent who notes it for them is kept. Raises ValidationError, by field, for a radius without a centre, a limit
    that no human has, or nothing offered.
    """
    kinds = list(offered.kinds)
    if not kinds:
        raise ValidationError({"kinds": "Choisissez au moins une aide."})
    offer = _own(volunteer)
    offer.radius_km, offer.centre = offered.radius_km, offered.centre
    offer.slots, offer.languages = sorted(set(offered.slots)), sorted(set(offered.languages))
    offer.monthly_limit, offer.at_once_limit = offered.monthly_limit, offered.at_once_limit
    offer.limits = tidy(offered.limits)
    offer.full_clean(exclude=["volunteer"])
    offer.save()
    offer.kinds.set(kinds)
    offer.communes.set(offered.communes)
    offer.means.set(offered.means)
    _trace(volunteer, by_account)
    return offer


def offered_by(volunteer: Volunteer) -> Offered | None:
    """What a volunteer offers today; None where they have said nothing yet."""
    offer = Offer.objects.select_related("centre__commune").filter(volunteer=volunteer).first()
    if offer is None:
        return None
    return Offered(
        kinds=list(offer.kinds.all()),
        communes=list(offer.communes.all()),
        radius_km=offer.radius_km,
        centre=offer.centre,
        slots=offer.slots,
        monthly_limit=offer.monthly_limit,
        at_once_limit=offer.at_once_limit,
        means=list(offer.means.all()),
        languages=offer.languages,
        limits=offer.limits,
    )


@transaction.atomic
def go_away(
    volunteer: Volunteer,
    *,
    starts_on: datetime.date,
    ends_on: datetime.date | None,
    by_account: Account | None = None,
) -> Absence:
    """Keep that a volunteer is away: nothing is asked of them for these days; said again, the later words count.

    An agent who notes it for them is kept. Raises ValidationError, by field, for days that are over, that cannot be, or
    too many of them.
    """
    today = timezone.localdate()
    if ends_on is not None and starts_on <= ends_on < today:
        raise ValidationError({"ends_on": "Ces jours sont passés. Choisissez des jours à venir."})
    if starts_on > today + FURTHEST_ABSENCE or (ends_on and ends_on > today + FURTHEST_ABSENCE):
        raise ValidationError({"starts_on": "C’est trop loin. Choisissez des jours dans les deux ans qui viennent."})
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": "Le retour vient après le départ."})
    offer = _own(volunteer)
    Absence.objects.filter(offer=offer, ends_on__lt=today).delete()
    known = Absence.objects.filter(offer=offer).exclude(starts_on=starts_on)
    if known.count() >= MOST_ABSENCES:
        raise ValidationError({"starts_on": "Vous avez noté beaucoup d’absences. Retirez-en une d’abord."})
    absence, _ = Absence.objects.update_or_create(offer=offer, starts_on=starts_on, defaults={"ends_on": ends_on})
    _trace(volunteer, by_account)
    return absence


@transaction.atomic
def come_back(volunteer: Volunteer, uid: UUID, *, by_account: Account | None = None) -> None:
    """Take an absence back: they are there after all. Twice is once; somebody else's stays."""
    gone, _ = Absence.objects.filter(uid=uid, offer__volunteer=volunteer).delete()
    if gone:
        _trace(volunteer, by_account)


def absences_of(volunteer: Volunteer) -> QuerySet[Absence, Absence]:
    """When a volunteer is away, today or later."""
    return Absence.objects.filter(offer__volunteer=volunteer).to_come(timezone.localdate())


def volunteers_for(
    *,
    kind: KindOfHelp,
    commune: CoveredCommune | None = None,
    asker: Person | None = None,
    day: datetime.date | None = None,
    moment: PartOfDay | None = None,
    among: VolunteerQuerySet | None = None,
) -> QuerySet[Volunteer, Volunteer]:
    """Who may be asked for this help there, with their persons, in as many queries however many there are.

    Of those who `may_help`: who offers it and comes there (anywhere, without a commune). With a day, those who said
    when they are free are free then; who said nothing is always asked. `among`: of these only.
    """
    found = (
        may_help(kind=kind, asker=asker, day=day, among=among)
        .filter(offer__kinds=kind)
        .filter(_comes_to(commune) if commune else Q())
    )
    if day is None:
        return found
    return found.filter(Q(offer__slots=[]) | Q(offer__slots__overlap=slots_of(day, moment)))


def may_help(
    *,
    kind: KindOfHelp,
    asker: Person | None = None,
    day: datetime.date | None = None,
    among: VolunteerQuerySet | None = None,
) -> QuerySet[Volunteer, Volunteer]:
    """Who may be asked for this help at all, be it no part of what they offer: somebody at the town knows better.

    Of those who `may_come`: who is not already as busy as they want. `among`: of these only, where the query begins: to
    look for everybody in a list of everybody costs as much as the rest.
    """
    return may_come(kind=kind, asker=asker, day=day, among=among).filter(_has_room(day or timezone.localdate()))


def may_come(
    *,
    kind: KindOfHelp,
    asker: Person | None = None,
    day: datetime.date | None = None,
    among: VolunteerQuerySet | None = None,
) -> QuerySet[Volunteer, Volunteer]:
    """Who may give this help, however busy: what they offered themselves, for a day, is beside their limits.

    They are admitted, and cleared for it; not away that day (today where none is told); never the asker, nor who is
    apart from them, nor who objects to it.
    """
    found = _present(day or timezone.localdate(), among=among).cleared_for(kind).select_related("person").order_by("pk")
    if asker is None:
        return found
    return found.exclude(person=asker).exclude(blocks.apart_from(asker, path="person"))


def ready(on: datetime.date) -> VolunteerQuerySet:
    """Who may be asked for something that day: admitted, not away nor as busy as they want, and objects to nothing."""
    return _present(on).filter(_has_room(on))


def _present(on: datetime.date, *, among: VolunteerQuerySet | None = None) -> VolunteerQuerySet:
    return (
        (Volunteer.objects.all() if among is None else among)
        .admitted()
        .exclude(Exists(Absence.objects.covering(on).filter(offer=OuterRef("offer"))))
        .exclude(Exists(RightsRequest.objects.objecting().filter(person=OuterRef("person"))))
    )


def _has_room(on: datetime.date) -> Q:
    in_month = Q(offer__monthly_limit=None) | Q(offer__monthly_limit__gt=load.in_month(on))
    return in_month & (Q(offer__at_once_limit=None) | Q(offer__at_once_limit__gt=load.at_once()))


def _comes_to(commune: CoveredCommune) -> Q:
    """In a commune that they chose, or within their radius, or anywhere.

    A distance that nobody knows (geography has no centre for one of the two) is within no radius; one's own commune is.
    """
    # Lists to look in, read once: asked of each offer, it would be as many look-ups.
    chosen = Offer.communes.through.objects.values("offer")
    here = Q(offer__in=chosen.filter(coveredcommune=commune)) | Q(offer__centre=commune)
    anywhere = Q(offer__radius_km=None) & ~Q(offer__in=chosen)
    if commune.commune.latitude is None:
        return here | anywhere
    distance = kilometres_between(commune.commune, "offer__centre__commune")
    return here | anywhere | Q(offer__radius_km__gte=distance)


def _trace(volunteer: Volunteer, by_account: Account | None) -> None:
    """Keep that an agent noted it for them; what somebody says of themselves is in nobody's journal."""
    if by_account is not None:
        note_writing(volunteer.person, screen=SeenOn.OFFER, by_account=by_account)


def _own(volunteer: Volunteer) -> Offer:
    """The offer of a volunteer, under lock; an empty one is made where there is none."""
    Offer.objects.get_or_create(volunteer=volunteer)
    return Offer.objects.select_for_update(of=["self"]).get(volunteer=volunteer)
