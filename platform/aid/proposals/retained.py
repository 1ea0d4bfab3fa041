"""What shows that somebody is still among the town's volunteers."""

from datetime import datetime

from django.db.models import OuterRef, Q

from aid.help_requests.enums import OVER
from aid.privacy import leaving
from aid.proposals.models import Proposal, ProposalQuerySet


def helped(since: datetime) -> ProposalQuerySet:
    """What somebody said yes to that is not over, or was lately."""
    theirs = Proposal.objects.yes().filter(volunteer__person=OuterRef("pk"))
    return theirs.filter(~Q(request__state__in=OVER) | Q(request__ends_at__gte=since))


def register() -> None:
    """Called when the app is ready."""
    leaving.activity(helped)
