"""What volunteers are ready to do, and finding those who may be asked."""

import datetime
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from aid.configuration.models import KindOfHelp
from aid.offers.models import Offer
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import admit
from aid.people.models import Person, PersonQuerySet
from aid.people.services import locked
from aid.privacy.models import RightsRequest
from aid.territory.models import CoveredCommune


@transaction.atomic
def welcome(
    *,
    person: Person,
    kinds: Iterable[KindOfHelp],
    communes: Iterable[CoveredCommune] = (),
    on: datetime.date | None = None,
) -> Volunteer:
    """Write down what a person offers, in place of what they offered before, and admit who was no volunteer yet.

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
    """Write down what somebody offers, in place of what they offered before, whether or not they are admitted yet."""
    offer, _ = Offer.objects.get_or_create(volunteer=volunteer)
    offer.kinds.set(kinds)
    offer.communes.set(communes)


def with_offers(persons: PersonQuerySet) -> PersonQuerySet:
    """The same persons, each with the names of what they offer and of where, in the same query."""
    theirs = Q(offers__volunteer__person=OuterRef("pk"))
    kinds = KindOfHelp.objects.filter(theirs).order_by("position", "name").values("name")
    communes = CoveredCommune.objects.filter(theirs).order_by("commune__name").values("commune__name")
    return persons.annotate(offered_kinds=ArraySubquery(kinds), offered_communes=ArraySubquery(communes))


def volunteers_for(
    *, kind: KindOfHelp, commune: CoveredCommune, asker: Person | None = None
) -> QuerySet[Volunteer, Volunteer]:
    """Who may be asked for this help there, with their persons: vouched for now, never the asker, nor who objects."""
    areas = Offer.communes.through.objects.filter(offer=OuterRef("offer"))
    found = (
        Volunteer.objects.admitted()
        .cleared_for(kind)
        .filter(offer__kinds=kind)
        .filter(Exists(areas.filter(coveredcommune=commune)) | ~Exists(areas))
        .exclude(person__in=RightsRequest.objects.objecting().filter(person__isnull=False).values("person"))
        .select_related("person")
        .order_by("pk")
    )
    return found.exclude(person=asker) if asker else found
