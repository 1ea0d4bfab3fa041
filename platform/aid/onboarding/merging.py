"""What becomes of volunteers when two cards of one person are made one (aid.privacy.merging)."""

from django.db.models import Exists, OuterRef

from aid.onboarding import lapses, measures
from aid.onboarding.enums import AppointmentState, VolunteerState
from aid.onboarding.models import Appointment, Attendance, StepRecord, Volunteer
from aid.onboarding.place import journal
from aid.people.models import Person

MERGED = "fiches réunies"


def merge_volunteers(gone: Person, kept: Person) -> None:
    """Move the volunteer to the card that stays. Where both are one, the place of that card stays as it is.

    Who was suspended on either card is, and a measure about either holds for the one volunteer. The other row stays on
    the empty card, as left: what both were asked hangs on it (aid.proposals.merging), so that the links of its messages
    still open, and so does its journal, which nobody may change.
    """
    leaving, staying = both_volunteers(gone, kept)
    if leaving is not None and staying is not None:
        _join(leaving, staying)
    elif leaving is not None:
        leaving.person = kept
        leaving.save(update_fields=["person"])
    one = staying or leaving
    if one is not None:
        # Measures move after volunteers do: theirs are still on either card.
        measures.enforce(one, [gone, kept])


def _join(leaving: Volunteer, staying: Volunteer) -> None:
    staying.admitted_on = min(filter(None, (staying.admitted_on, leaving.admitted_on)), default=None)
    staying.applied_at = min(filter(None, (staying.applied_at, leaving.applied_at)), default=None)
    staying.motivation = staying.motivation or leaving.motivation
    staying.speaks_for_id = staying.speaks_for_id or leaving.speaks_for_id
    before = staying.state
    # What a measure did on the other card, it does again on this one, and lifting it undoes.
    if leaving.state == VolunteerState.SUSPENDED and measures.suspended_from(leaving) is None:
        staying.state = VolunteerState.SUSPENDED
    staying.save(update_fields=["state", "admitted_on", "applied_at", "motivation", "speaks_for"])
    if staying.state != before:
        line = journal(staying, MERGED, before=before)
        lapses.tell([lapses.lapse_of(staying, line)])
    leaving.state, leaving.motivation = VolunteerState.LEFT, ""
    leaving.save(update_fields=["state", "motivation"])


def both_volunteers(gone: Person, kept: Person) -> tuple[Volunteer | None, Volunteer | None]:
    """The volunteer that each is, under lock."""
    found = {one.person_id: one for one in Volunteer.objects.select_for_update().filter(person__in=[gone, kept])}
    return found.get(gone.pk), found.get(kept.pk)


def merge_records(gone: Person, kept: Person) -> None:
    """All that both passed is one's."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving and staying:
        StepRecord.objects.filter(volunteer=leaving).update(volunteer=staying)


def merge_sessions(gone: Person, kept: Person) -> None:
    """Come to on either card: a session noted on both was one."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving and staying:
        same = {name: OuterRef(name) for name in ("step", "on", "title")}
        theirs = Attendance.objects.filter(volunteer=leaving)
        theirs.filter(Exists(Attendance.objects.filter(volunteer=staying, **same))).delete()
        theirs.update(volunteer=staying)


def merge_appointments(gone: Person, kept: Person) -> None:
    """Nobody is awaited twice for one step."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving and staying:
        planned = Appointment.objects.filter(state=AppointmentState.PLANNED)
        twice = planned.filter(volunteer=leaving, step__in=planned.filter(volunteer=staying).values("step"))
        twice.update(state=AppointmentState.CANCELLED)
        Appointment.objects.filter(volunteer=leaving).update(volunteer=staying)


def merge_company(gone: Person, kept: Person) -> None:
    """Nobody goes along with themselves."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving and staying:
        both = [leaving, staying]
        Appointment.objects.filter(volunteer__in=both, with_volunteer__in=both).update(with_volunteer=None)
        Appointment.objects.filter(with_volunteer=leaving).update(with_volunteer=staying)
