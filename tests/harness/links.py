"""Personal links, as the addresses of a town take them."""

from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.models import Proposal
from core.links import token_for
from harness.loop import jeanne, open_request


def asked() -> dict[str, str]:
    """A personal link to answer by: whoever holds it opens it, whatever their role."""
    somebody = Volunteer.objects.create(
        person=Person.objects.create(first_name="Lucie"), state=VolunteerState.ADMITTED, admitted_on="2026-11-01"
    )
    proposal = Proposal.objects.create(request=open_request(jeanne()), volunteer=somebody)
    return {"token": token_for("answer", proposal.pk)}


def follow_token() -> dict[str, str]:
    """The link of a request that looks for somebody."""
    return {"token": token_for("follow", open_request(jeanne()).pk)}
