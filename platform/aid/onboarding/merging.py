"""What becomes of volunteers when two cards of one person are made one (aid.privacy.merging)."""

from django.db.models import Exists, OuterRef

from aid.onboarding.enums import AppointmentState, VolunteerState
from aid.onboarding.models import Appointment, Attendance, StepRecord, Volunteer
from aid.onboarding.place import journal
from aid.people.models import Person

MERGED = "fiches réunies"


def merge_volunteers(gone: Person, kept: Person) -> None:
    """Move the volunteer to the card that stays. Where both are one, the place of that card stays as it is.

    All that they passed, came to and are expected at is then one's; who was suspended on either card is. The other row
    stays on the empty card, as left: what both were asked hangs on it (aid.proposals.merging), so that the links of its
    messages still open, and so does its journal, which nobody may change.
    """
    leaving, staying = both_volunteers(gone, kept)
    if leaving is None:
        return
    if staying is None:
        leaving.person = kept
        leaving.save(update_fields=["person"])
        return
    _move_steps(leaving, staying)
    staying.admitted_on = min(filter(None, (staying.admitted_on, leaving.admitted_on)), default=None)
    staying.applied_at = min(filter(None, (staying.applied_at, leaving.applied_at)), default=None)
    staying.motivation = staying.motivation or leaving.motivation
    before = staying.state
    if leaving.state == VolunteerState.SUSPENDED:
        staying.state = VolunteerState.SUSPENDED
    staying.save(update_fields=["state", "admitted_on", "applied_at", "motivation"])
    if staying.state != before:
        journal(staying, MERGED, before=before)
    leaving.state, leaving.motivation = VolunteerState.LEFT, ""
    leaving.save(update_fields=["state", "motivation"])


def both_volunteers(gone: Person, kept: Person) -> tuple[Volunteer | None, Volunteer | None]:
    """The volunteer that each is, under lock."""
    found = {one.person_id: one for one in Volunteer.objects.select_for_update().filter(person__in=[gone, kept])}
    return found.get(gone.pk), found.get(kept.pk)


def _move_steps(leaving: Volunteer, staying: Volunteer) -> None:
    StepRecord.objects.filter(volunteer=leaving).update(volunteer=staying)
    # One session noted on both cards was one session.
    twin = Attendance.objects.filter(
        volunteer=staying, step=OuterRef("step"), on=OuterRef("on"), title=OuterRef("title")
    )
    theirs = Attendance.objects.filter(volunteer=leaving)
    theirs.filter(Exists(twin)).delete()
    theirs.update(volunteer=staying)
    # Nobody goes along with themselves, nor is awaited twice for one step.
    planned = Appointment.objects.filter(state=AppointmentState.PLANNED)
    planned.filter(volunteer=leaving, step__in=planned.filter(volunteer=staying).values("step")).update(
        state=AppointmentState.CANCELLED
    )
    both = [leaving, staying]
    Appointment.objects.filter(volunteer__in=both, with_volunteer__in=both).update(with_volunteer=None)
    Appointment.objects.filter(volunteer=leaving).update(volunteer=staying)
    Appointment.objects.filter(with_volunteer=leaving).update(with_volunteer=staying)
