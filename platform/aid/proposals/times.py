"""The hours that proposals turn on."""

import datetime

from django.utils import timezone

from aid.help_requests.enums import Moment
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import LATEST_STARTS, town_zone
from aid.offers.enums import PartOfDay
from aid.offers.slots import part_at

STARTS = {Moment.ANY: datetime.time(8), Moment.MORNING: datetime.time(8), Moment.AFTERNOON: datetime.time(13)}
# On the eve, somebody at the town still has an hour to make calls.
EVE = datetime.time(16)
WORTH_WAITING = datetime.timedelta(hours=1)
# Nobody is woken for what is further off, however urgent the answer.
SOON = datetime.timedelta(hours=24)


def starts_at(request: HelpRequest) -> datetime.datetime:
    """When the volunteer is expected, at the earliest."""
    hour = request.hour or STARTS[Moment(request.moment)]
    return datetime.datetime.combine(request.day, hour, town_zone())


def starts_by(request: HelpRequest) -> datetime.datetime:
    """When the volunteer is expected, at the latest: what asks somebody to go says nothing any more from then on.

    Who goes already, or waits for them, is told before the earliest: `starts_at`.
    """
    hour = request.hour or LATEST_STARTS[Moment(request.moment)]
    return datetime.datetime.combine(request.day, hour, town_zone())


def rings_at_night(request: HelpRequest, now: datetime.datetime) -> bool:
    """Whether volunteers are asked about it now, be it in the quiet hours."""
    return request.haste.rings_at_night and starts_at(request) - now <= SOON


def needed_by(request: HelpRequest) -> datetime.datetime:
    """By when who is asked to go must have read of it: its hour, or the latest; at once where no night holds it."""
    now, starts = timezone.now(), starts_by(request)
    return min(now, starts) if rings_at_night(request, now) else starts


def part_of_day(request: HelpRequest) -> PartOfDay | None:
    """The part of its day for which volunteers must be free; None where it does not matter."""
    if request.hour is not None:
        return part_at(request.hour)
    return None if request.moment == Moment.ANY else PartOfDay(request.moment)


def followup_time(
    *, now: datetime.datetime, starts: datetime.datetime, ends: datetime.datetime, hours: int
) -> datetime.datetime:
    """When the town is told that nobody has answered: after its own delay, and early enough to act.

    That is on the eve at the latest; half-way to the need where the eve has gone; now where all is over.
    """
    eve = datetime.datetime.combine(starts.date() - datetime.timedelta(days=1), EVE, starts.tzinfo)
    need = starts if starts > now else max(ends, now)
    latest = eve if eve - now >= WORTH_WAITING else now + (need - now) / 2
    return min(now + datetime.timedelta(hours=hours), latest)
