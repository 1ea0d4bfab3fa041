"""What becomes of requests when two cards of one person are made one (aid.privacy.merging)."""

from aid.help_requests.models import HelpRequest, HelpSeries
from aid.onboarding.merging import both_volunteers
from aid.people.models import Person


def merge_help_given(gone: Person, kept: Person) -> None:
    """Where both cards are a volunteer's, give what one did to the other. Else the volunteer itself moves."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving is not None and staying is not None:
        for model in (HelpRequest, HelpSeries):
            model.objects.filter(volunteer=leaving).update(volunteer=staying)
