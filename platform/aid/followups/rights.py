"""What people ask of what is known of them reaches somebody; what is to be done for them stands in the way."""

from collections.abc import Iterator

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask, settle
from aid.people.models import Person
from aid.privacy import forgetting, rights
from core.french import day_words


def register() -> None:
    """Called when the app is ready."""
    rights.listen(hear)
    forgetting.obstacles(still_to_do)


def hear(heard: rights.Heard) -> None:
    """Ask for a follow-up while somebody waits, and close it with the demand."""
    subject = (rights.SUBJECT, heard.request.pk)
    if not heard.request.is_waiting:
        settle(subject=subject, outcome=f"Demande {heard.request.get_state_display()}.")
        return
    due = day_words(heard.request.due_on)
    words = f"Demande à {heard.request.get_kind_display()}. À traiter avant le {due}."
    ask(kind=FollowUpKind.RIGHTS, person=heard.person, subject=subject, words=words)


def still_to_do(person: Person) -> Iterator[forgetting.Obstacle]:
    """Open follow-ups about them, but for what they ask here."""
    found = FollowUp.objects.open().filter(person=person).exclude(subject_kind=rights.SUBJECT)
    for one in found:
        yield forgetting.Obstacle(f"Une suite à donner : {one.get_kind_display()}", "followup", one.uid)
