"""What somebody does about who comes to another, under a mandate: as aid.help_requests.for_somebody."""

from django.db import transaction

from aid.help_requests.models import HelpRequest
from aid.proposals import services
from aid.proposals.models import Proposal
from aid.relations import services as relations
from aid.relations.enums import Deed, Scope
from aid.relations.models import Mandate


@transaction.atomic
def choose(mandate: Mandate, proposal: Proposal) -> HelpRequest:
    """Choose for her who comes. Raises NotAllowedError for who is no candidate any more, and NoMandateError."""
    held = relations.hold(mandate, Scope.REQUESTS)
    chosen = services.choose(proposal, by_person=held.representative)
    relations.note_deed(Deed.CHOSE, mandate=held, subject=chosen.uid)
    return chosen
