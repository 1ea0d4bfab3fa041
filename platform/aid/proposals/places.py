"""Places of a request that several volunteers were wanted for, and that fewer will do."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Account
from aid.help_requests.enums import AGREE, LOOKING
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError, take
from aid.proposals.models import Proposal
from aid.proposals.services import locked_request, who_goes


@transaction.atomic
def agree_with_fewer(request: HelpRequest, *, by_account: Account) -> HelpRequest:
    """Those who have said yes will do: it is agreed with them, and both sides are told.

    Raises NotAllowedError where nobody is looked for, and ValidationError where nobody has said yes.
    """
    known = locked_request(request.pk)
    if known is None or known.state not in LOOKING:
        raise NotAllowedError("Cette demande ne cherche plus personne.")
    going = who_goes(known)
    if not going:
        raise ValidationError("Personne n’a encore dit oui.")
    return settle_for(known, going, by_account=by_account)


def settle_for(request: HelpRequest, going: list[Proposal], *, by_account: Account | None = None) -> HelpRequest:
    """Agree with these who go, the first place first, on a request that is locked: no more are wanted.

    They hold the first places by now, whichever ones were left.
    """
    for seat, one in enumerate(going, 1):
        if one.seat != seat:
            one.seat = seat
            one.save(update_fields=["seat"])
    fewer = {"people_needed": len(going), "volunteer_id": going[0].volunteer_id}
    return take(request, AGREE, by_account=by_account, **fewer)
