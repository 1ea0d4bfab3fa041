"""Where a volunteer stands, in the words of their own page."""

from dataclasses import dataclass

from aid.onboarding.enums import How, Passing, StepKind
from aid.onboarding.models import Appointment, Charter, StepRecord, Volunteer
from aid.onboarding.passing import current_charter
from aid.onboarding.progress import Standing, StepProgress, progress_of
from aid.onboarding.texts import day_and_hour
from core.french import day_words, duration_words

# A word and a colour for each: always together.
SHOWN = {
    Standing.HELD: ("fait", "success"),
    Standing.EXPIRING: ("à refaire bientôt", "warning"),
    Standing.LAPSED: ("à refaire", "danger"),
    Standing.PLANNED: ("rendez-vous pris", "info"),
    Standing.MISSING: ("à faire", "neutral"),
}
ENDED = (Standing.HELD, Standing.EXPIRING)


@dataclass(frozen=True)
class StepShown:
    """One step, as its line says it."""

    name: str
    words: str
    state: str
    tone: str
    notes: list[str]
    appointment: Appointment | None
    # What its button says, where it leads to the charter; empty without one.
    charter: str
    is_blocking: bool


def steps_of(volunteer: Volunteer) -> list[StepShown]:
    """Each step that the town asks for, in its order."""
    charter = current_charter()
    return [_shown(one, charter) for one in progress_of(volunteer)]


def signature_of(volunteer: Volunteer, charter: Charter) -> str:
    """When a version was signed, and how; empty where it was not, or must be again."""
    signed = StepRecord.objects.filter(volunteer=volunteer, charter=charter).holding().first()
    if signed is None:
        return ""
    return f"Vous l’avez signée le {day_words(signed.passed_on)}, {How(signed.how).label}."


def _shown(one: StepProgress, charter: Charter | None) -> StepShown:
    state, tone = SHOWN[one.state]
    is_waived = one.state in ENDED and one.record is not None and one.record.passing == Passing.WAIVED
    return StepShown(
        name=one.step.name,
        words="" if one.state == Standing.HELD else one.step.words,
        state="pas demandée" if is_waived else state,
        tone=tone,
        notes=_notes(one, is_waived=is_waived),
        appointment=one.appointment,
        charter=_charter_label(one, charter),
        is_blocking=one.is_blocking,
    )


def _notes(one: StepProgress, *, is_waived: bool) -> list[str]:
    notes = []
    if one.state in ENDED and not is_waived:
        notes.append(f"Fait le {day_words(one.record.passed_on)}.")
    if one.until is not None:
        until = {Standing.HELD: "Valable jusqu’au", Standing.EXPIRING: "À refaire avant le"}
        notes.append(f"{until.get(one.state, 'C’était valable jusqu’au')} {day_words(one.until)}.")
    if one.minutes_asked and one.minutes and one.state not in ENDED:
        notes.append(f"{duration_words(one.minutes)} sur {duration_words(one.minutes_asked)}.")
    if one.appointment is not None:
        notes.append(_meeting(one.appointment))
    if one.kinds:
        notes.append(f"Seulement pour : {', '.join(one.kinds)}.")
    elif not one.step.is_required:
        notes.append("Cette étape est facultative.")
    return notes


def _meeting(appointment: Appointment) -> str:
    received_by = appointment.with_account.first_name if appointment.with_account else ""
    goes_along = appointment.with_volunteer.person.first_name if appointment.with_volunteer else ""
    who = f"avec {received_by or goes_along}" if received_by or goes_along else ""
    return ", ".join(filter(None, (day_and_hour(appointment.at).capitalize(), appointment.place, who))) + "."


def _charter_label(one: StepProgress, charter: Charter | None) -> str:
    if one.step.kind != StepKind.CHARTER or charter is None:
        return ""
    is_signed = one.record is not None and one.record.charter_id == charter.pk and one.state in ENDED
    return "Relire la charte" if is_signed else "Lire et signer la charte"
