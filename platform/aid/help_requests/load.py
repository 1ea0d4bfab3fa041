"""How much a volunteer does for who asks, so that nobody is asked beyond what they want (aid.offers.load)."""

import datetime

from django.db.models import Count, Expression, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.offers import load


def in_month(first: datetime.date, last: datetime.date) -> Expression:
    """What they said yes to for these days, done or to come."""
    return _count(
        HelpRequest.objects.filter(state__in=(RequestState.AGREED, RequestState.DONE), day__range=(first, last))
    )


def at_once() -> Expression:
    """What they said yes to, and is yet to be done."""
    return _count(HelpRequest.objects.filter(state=RequestState.AGREED))


def _count(requests: QuerySet[HelpRequest]) -> Expression:
    theirs = requests.filter(volunteer=OuterRef("pk")).order_by().values("volunteer").annotate(times=Count("pk"))
    return Coalesce(Subquery(theirs.values("times"), output_field=IntegerField()), Value(0))


def register() -> None:
    """Called when the app is ready."""
    load.register(load.Load("help_requests", in_month, at_once))
