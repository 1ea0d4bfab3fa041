"""What becomes of volunteers when two cards of one person are made one (aid.privacy.merging)."""

from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person


def merge_volunteers(gone: Person, kept: Person) -> None:
    """Move the volunteer to the card that stays. Where both are one, the place of that card stays as it is.

    The other row stays on the empty card, as left: what both were asked hangs on it (aid.proposals.merging), so that
    the links of its messages still open.
    """
    leaving, staying = both_volunteers(gone, kept)
    if leaving is None:
        return
    if staying is None:
        leaving.person = kept
        leaving.save(update_fields=["person"])
        return
    staying.admitted_on = min(filter(None, (staying.admitted_on, leaving.admitted_on)), default=None)
    staying.save(update_fields=["admitted_on"])
    leaving.state = VolunteerState.LEFT
    leaving.save(update_fields=["state"])


def both_volunteers(gone: Person, kept: Person) -> tuple[Volunteer | None, Volunteer | None]:
    """The volunteer that each is, under lock."""
    found = {one.person_id: one for one in Volunteer.objects.select_for_update().filter(person__in=[gone, kept])}
    return found.get(gone.pk), found.get(kept.pk)
