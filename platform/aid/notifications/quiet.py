"""Quiet hours: an SMS rings. At night, and on Sundays where the town says so, it waits; an e-mail never does."""

import datetime

from django.conf import settings
from django.utils import timezone

from aid.configuration.models import Rules
from aid.notifications.enums import CODE, REPLY
from aid.notifications.models import Message

# Who asked for it, or has just written, is awake.
AWAITED = frozenset([CODE, REPLY])
# What it is about comes so soon after the morning that it would say it too late.
NOTICE = datetime.timedelta(hours=3)
SUNDAY = 6


def waits_until(message: Message, rules: Rules, now: datetime.datetime) -> datetime.datetime | None:
    """When a message may leave, if it is not now: the end of the quiet hours by the town's clock."""
    # In a demonstration nothing rings: its outbox is read at any hour.
    if settings.OUTBOX or not message.is_sms or message.kind in AWAITED:
        return None
    end = quiet_until(rules, now)
    if end is None or (message.needed_by is not None and message.needed_by < end + NOTICE):
        return None
    return end


def quiet_until(rules: Rules, now: datetime.datetime) -> datetime.datetime | None:
    """The end of the quiet hours that `now` is in, by the clock of the current time zone; None outside them."""
    here = timezone.localtime(now)
    end = _end_of_night(rules, here)
    while rules.is_quiet_on_sundays and (end or here).weekday() == SUNDAY:
        end = _at(rules.quiet_until, (end or here).date() + datetime.timedelta(days=1))
    return end


def _end_of_night(rules: Rules, here: datetime.datetime) -> datetime.datetime | None:
    start, end = rules.quiet_from, rules.quiet_until
    if start < end:
        return _at(end, here.date()) if start <= here.hour < end else None
    if start == end:
        return None
    if here.hour < end:
        return _at(end, here.date())
    return _at(end, here.date() + datetime.timedelta(days=1)) if here.hour >= start else None


def _at(hour: int, day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
