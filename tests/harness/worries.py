"""Worries."""

import uuid
from typing import Any

from aid.help_requests.models import HelpRequest
from aid.people.models import Person
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from aid.worries import services
from aid.worries.enums import Grade
from aid.worries.models import Worry
from core.links import token_for
from harness.loop import ALICE_PHONE, jeanne, open_request, volunteer

# Searched for in what must not tell it.
SAID = "Les volets sont fermés depuis mardi, Canari-volets."


def agreed() -> tuple[HelpRequest, Proposal]:
    """Jeanne asked, Alice said yes."""
    request, alice = open_request(jeanne()), volunteer("Alice", ALICE_PHONE, last_name="Morvan")
    ask_volunteers(request.pk)
    proposal = request.proposals.get(volunteer=alice)
    accept(proposal)
    request.refresh_from_db()
    return request, Proposal.objects.with_page_related_data().get(pk=proposal.pk)


def worry_link() -> dict[str, str]:
    """Where Alice says that she worries."""
    _, proposal = agreed()
    return {"token": token_for("answer", proposal.pk)}


def a_worry(person: Person, **fields: Any) -> Worry:
    """One that was told."""
    usual = {"grade": Grade.WORRIED, "words": SAID, "form_uid": uuid.uuid4()}
    return services.tell(person=person, **usual | fields)
