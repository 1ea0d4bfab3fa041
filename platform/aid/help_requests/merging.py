"""What becomes of requests when two cards of one person are made one (aid.privacy.merging)."""

from aid.help_requests.models import HelpRequest
from aid.onboarding.merging import both_volunteers
from aid.people.models import Person

HELPED_EACH_OTHER = "L’une de ces personnes a aidé l’autre : ce sont bien deux personnes."


def why_two_persons(kept: Person, gone: Person) -> str:
    """Nobody goes to their own door: who has agreed with somebody is somebody else."""
    both = [kept, gone]
    went = HelpRequest.objects.filter(person__in=both, volunteer__person__in=both)
    return HELPED_EACH_OTHER if went.exists() else ""


def merge_help_given(gone: Person, kept: Person) -> None:
    """Where both cards are a volunteer's, give what one did to the other. Else the volunteer itself moves."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving is not None and staying is not None:
        HelpRequest.objects.filter(volunteer=leaving).update(volunteer=staying)
