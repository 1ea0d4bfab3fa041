"""The verb of this room: write to a neighbour whom one has chosen."""

from typing import Any
from uuid import UUID

from django.db import transaction

from aid.help_requests.known_askers import ask_oneself
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.help_requests.services import ask_online
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals import direct
from aid.proposals.enums import Way
from aid.proposals.models import Proposal, ProposalQuerySet


def written(request: HelpRequest) -> ProposalQuerySet:
    """The messages of a request, in the order in which they were written, with what a page about each shows."""
    return Proposal.objects.with_page_related_data().filter(request=request, way=Way.CHOSEN).order_by("pk")


@transaction.atomic
def write(
    volunteer: Volunteer,
    *,
    need: Need,
    uid: UUID | None = None,
    by_person: Person | None = None,
    internet_address: str = "",
    **who: Any,
) -> HelpRequest:
    """Ask one volunteer in particular, in one's own words; the same uid twice is the same request.

    `by_person` has signed in and the town knows their number; else `who` is said as `ask_online` wants it, and a code
    confirms it. Raises ValidationError by field, LimitReachedError, NotAllowedError; then nothing is kept.
    """
    if by_person is not None:
        request = ask_oneself(by_person, need=need, uid=uid)
    else:
        request = ask_online(need=need, uid=uid, internet_address=internet_address, **who)
    direct.write_to(request, volunteer)
    return request
