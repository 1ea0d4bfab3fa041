"""Needs that come again, for the tests of every room that they go through."""

import datetime
from typing import Any

from accounts.models import Account
from aid.help_requests import series as recurring
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.series_changes import Wanted
from aid.help_requests.times import town_now
from aid.people.models import Person
from aid.proposals.models import Proposal
from aid.proposals.services import ask_volunteers
from core.recurrence import Recurrence
from harness.loop import visits
from harness.requests import asked_by_phone

WEEK = datetime.timedelta(weeks=1)


def a_day(days: int = 3) -> datetime.date:
    """Some days from now, by the town's clock."""
    return town_now().date() + datetime.timedelta(days=days)


def weekly(day: datetime.date, **more: Any) -> Recurrence:
    """Each week on the weekday of a day."""
    return Recurrence((day.weekday(),), **more)


def a_series(person: Person, account: Account, *, days: int = 3, **changes: Any) -> HelpSeries:
    """A visit each week from some days on, holidays or not."""
    usual = {"kind": visits(), "details": "Sonnez fort", "address": "3 rue Haute"}
    first = asked_by_phone(person, account, day=a_day(days), **usual | changes)
    return recurring.begin(first, weekly(first.day), skips_holidays=False, by_account=account)


def on(series: HelpSeries, day: datetime.date) -> HelpRequest:
    """The request of one day."""
    return series.requests.get(day=day)


def publish(request: HelpRequest) -> HelpRequest:
    """Have a day look for somebody, as when it comes near."""
    HelpSeries.objects.filter(pk=request.series_id).update(notice_days=(request.day - a_day(0)).days)
    recurring.draw(request.series_id)
    return HelpRequest.objects.get(pk=request.pk)


def asked(request: HelpRequest, volunteer: Any) -> Proposal:
    """The proposal of a volunteer, once the round was made."""
    ask_volunteers(request.pk)
    return Proposal.objects.with_page_related_data().get(request=request, volunteer=volunteer)


def states(series: HelpSeries) -> list[str]:
    """Where each day stands, in the order of the days."""
    return [RequestState(state) for state in series.requests.order_by("day").values_list("state", flat=True)]


def wanted(series: HelpSeries, **changes: Any) -> Wanted:
    """What it is, with these changes."""
    names = ("hour", "moment", "urgency", "commune", "district", "address", "details", "skips_holidays", "notice_days")
    same = {name: getattr(series, name) for name in names} | {"rule": series.recurrence}
    return Wanted(**same | changes)
