"""Admitting volunteers, pausing, having them back, seeing them off."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from aid.moderation import sanctions
from aid.onboarding.enums import LEAVE, PAUSE, REINSTATE, RESUME, Move, VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.people.services import locked


class NotAllowedError(Exception):
    """The volunteer is not where this step starts; the message says where they stand, in French."""


@transaction.atomic
def admit(*, person: Person, on: datetime.date | None = None) -> Volunteer:
    """Vouch for a person: from now on they may be asked to help.

    Who comes back after a pause keeps the first date, and is counted once. Raises ValidationError for who died, and
    for who is suspended: somebody lifts that first.
    """
    person = locked(person)
    if not person.is_living:
        raise ValidationError("Cette personne est décédée.")
    sanctions.refuse_if_standing(person)
    Volunteer.objects.get_or_create(person=person)
    # Read again under a lock: two agents may admit the same person.
    volunteer = Volunteer.objects.select_for_update().get(person=person)
    if volunteer.state == VolunteerState.SUSPENDED:
        raise ValidationError("Ce bénévole est suspendu : levez d’abord la suspension.")
    if volunteer.admitted_on is None:
        volunteer.admitted_on = on or timezone.localdate()
        record_fact(
            kind=FactKind.VOLUNTEER_ADMITTED, happened_on=volunteer.admitted_on, commune_code=_commune_code(person)
        )
    volunteer.state = VolunteerState.ADMITTED
    volunteer.save(update_fields=["state", "admitted_on"])
    return volunteer


def pause(volunteer: Volunteer) -> Volunteer:
    """Stop asking a volunteer for a while. A second time changes nothing. Raises NotAllowedError."""
    return take(volunteer, PAUSE)


def resume(volunteer: Volunteer) -> Volunteer:
    """Ask a volunteer again. A second time changes nothing. Raises NotAllowedError."""
    return take(volunteer, RESUME)


def leave(volunteer: Volunteer) -> Volunteer:
    """Keep that a volunteer has left; only `admit` has them back. A second time changes nothing."""
    return take(volunteer, LEAVE)


@transaction.atomic
def take(volunteer: Volunteer, move: Move) -> Volunteer:
    """Take a step; answer the volunteer as they then are. Where they stand there already, nothing changes.

    Raises NotAllowedError from a state where this step does not start.
    """
    known = Volunteer.objects.select_for_update(of=["self"]).select_related("person").get(pk=volunteer.pk)
    if known.state == move.target:
        return known
    if known.state not in move.sources:
        raise NotAllowedError(f"Ce bénévole est {known.get_state_display()}.")
    if move == REINSTATE:
        try:
            sanctions.refuse_if_standing(known.person)
        except ValidationError as error:
            raise NotAllowedError(error.message) from error
    known.state = move.target
    known.save(update_fields=["state"])
    return known


def _commune_code(person: Person) -> str:
    return person.commune.commune_id if person.commune else ""
