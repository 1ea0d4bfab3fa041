"""What an agent decides, they decide on what they read: whoever comes second reads first what a colleague did."""

from django.db import models
from django.http import Http404

from aid.onboarding.enums import Passing
from aid.onboarding.models import Volunteer, VolunteerMove
from aid.onboarding.place import hold
from aid.onboarding.progress import StepProgress, progress_of
from aid.onboarding.texts import day_and_hour


class ChangedMeanwhileError(Exception):
    """A colleague was quicker; the message says what stands now, in French."""


def step_mark(line: StepProgress) -> str:
    """What a form of this step sends back: anything that happens to the step makes it another."""
    record, appointment = line.record, line.appointment
    parts = [record.pk if record else "", line.minutes]
    if appointment is not None:
        whom = (appointment.with_account_id, appointment.with_volunteer_id)
        parts += [appointment.pk, appointment.at.isoformat(), appointment.place, *whom]
    return "/".join(map(str, parts))


def place_mark(volunteer: Volunteer) -> str:
    """What a form about a volunteer's place sends back: anything that happens to it makes it another."""
    last = VolunteerMove.objects.filter(volunteer=volunteer).aggregate(last=models.Max("pk"))["last"]
    return f"{volunteer.state}/{last or ''}"


def hold_step(volunteer: Volunteer, number: int, *, seen: str) -> StepProgress:
    """A step of a volunteer as it stands, held until the end. Raises ChangedMeanwhileError if it was read otherwise."""
    line = line_of(hold(volunteer), number)
    if step_mark(line) != seen:
        raise ChangedMeanwhileError(standing(line))
    return line


def hold_place(volunteer: Volunteer, *, seen: str) -> Volunteer:
    """A volunteer as they stand, held until the end. Raises ChangedMeanwhileError if they were read otherwise."""
    known = hold(volunteer)
    if place_mark(known) != seen:
        raise ChangedMeanwhileError(place(known))
    return known


def line_of(volunteer: Volunteer, number: int) -> StepProgress:
    """Where a volunteer stands with a step. Raises Http404 for one that the town asks for no more."""
    for line in progress_of(volunteer):
        if line.step.pk == number:
            return line
    raise Http404


def standing(line: StepProgress) -> str:
    """Where a step stands, and by whom, in a sentence."""
    if line.appointment is not None:
        return f"Un rendez-vous est prévu le {day_and_hour(line.appointment.at)}."
    if line.record is None:
        return "Cette étape n’est plus notée comme faite, et aucun rendez-vous n’est prévu."
    if line.record.passing == Passing.WAIVED:
        by = f", noté par {line.record.noted_by}" if line.record.noted_by else ""
        return f"Ce bénévole est dispensé de cette étape{by}."
    by = f", notée par {line.record.noted_by}" if line.record.noted_by else ""
    return f"Cette étape est {line.record.get_passing_display()}{by}."


def place(volunteer: Volunteer) -> str:
    """Where somebody stands, and by whom, in a sentence."""
    # Meetings and steps stand in the journal too, and change nothing of the place.
    changes = VolunteerMove.objects.filter(volunteer=volunteer).exclude(from_state=models.F("to_state"))
    last = changes.select_related("by_account").last()
    by = f", noté par {last.by_account}" if last and last.by_account else ""
    return f"Ce bénévole est {volunteer.get_state_display()}{by}."
