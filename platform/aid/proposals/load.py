"""How much a volunteer does for who asks, so that nobody is asked beyond what they want (aid.offers.load)."""

import datetime

from django.db.models import Count, Expression, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from aid.offers import load
from aid.proposals.models import ENGAGED, TAKEN, Proposal, ProposalQuerySet


def in_month(first: datetime.date, last: datetime.date) -> Expression:
    """What they said yes to for these days, done or to come."""
    states = {*ENGAGED, *TAKEN}
    return _count(Proposal.objects.yes().filter(request__state__in=states, request__day__range=(first, last)))


def at_once() -> Expression:
    """What they said yes to, and is yet to be done."""
    return _count(Proposal.objects.engaged())


def _count(proposals: ProposalQuerySet) -> Expression:
    theirs = proposals.filter(volunteer=OuterRef("pk")).order_by().values("volunteer").annotate(times=Count("pk"))
    return Coalesce(Subquery(theirs.values("times"), output_field=IntegerField()), Value(0))


def register() -> None:
    """Called when the app is ready."""
    load.register(load.Load("proposals", in_month, at_once))
