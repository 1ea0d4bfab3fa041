"""Changing what comes again: other days, another hour, another place. What was agreed for a day stays that day's."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import Account
from aid.help_requests import amending, times
from aid.help_requests.enums import BEFORE_LOOKING, LOOKING, Moment, Reason, Urgency
from aid.help_requests.models import HelpSeries
from aid.help_requests.needs import Need, check_when_and_where
from aid.help_requests.series import A_YEAR, days_to_come, draw, standing_series
from aid.help_requests.services import cancel
from aid.territory.models import CoveredCommune, District
from core.recurrence import Recurrence
from core.text import tidy

OTHER_DAYS = "Les jours ont changé."
# What somebody says yes to who goes each time.
TERMS = ("rule", "hour", "moment", "commune", "district")
# What each day has of it, until it is changed by itself.
OF_EACH_DAY = ("hour", "moment", "urgency", "commune", "district", "address", "details")

Listener = Callable[[HelpSeries], None]
_listeners: list[Listener] = []


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What comes again from now on: all that may be changed of it."""

    rule: Recurrence
    hour: time | None
    moment: Moment | str
    urgency: Urgency | str
    commune: CoveredCommune
    district: District | None
    address: str
    details: str
    skips_holidays: bool
    notice_days: int


def listen(listener: Listener) -> None:
    """Have `listener` called, in the same transaction, once the terms of a series have changed. From `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def amend(series: HelpSeries, wanted: Wanted, *, by_account: Account | None = None) -> HelpSeries:
    """Have a series ask for this from now on: days that look for somebody, or are yet to, follow it.

    They are amended as any request: who said yes to one, or was asked, is asked anew. What was agreed, or changed by
    itself, is left; a day that is none of its own any more is called off. Raises NotAllowedError once it is ended,
    ValidationError by field.
    """
    amended = standing_series(series)
    today = times.town_now().date()
    first = next(iter(wanted.rule.days(amended.starts_on, first=today + timedelta(days=1), last=today + A_YEAR)), None)
    if first is None:
        raise ValidationError({"until": "Aucun jour n’est à venir. Choisissez un jour plus tard, ou arrêtez-la."})
    values = {field.name: getattr(wanted, field.name) for field in fields(wanted)} | {
        "rule": wanted.rule.text,
        "moment": Moment.ANY if wanted.hour else wanted.moment,
        "address": tidy(wanted.address),
        "details": wanted.details.strip(),
    }
    before = {name: getattr(amended, name) for name in OF_EACH_DAY}
    changed = {name for name, value in values.items() if getattr(amended, name) != value}
    for name in changed:
        setattr(amended, name, values[name])
    check_when_and_where(_need(amended, first))
    amended.full_clean(validate_unique=False)
    amended.save(update_fields=changed)
    _follow(amended, before, by_account=by_account)
    if changed & set(TERMS):
        for listener in _listeners:
            listener(amended)
    draw(amended.pk)
    return amended


def _follow(series: HelpSeries, before: dict[str, Any], *, by_account: Account | None) -> None:
    """Have the days that are as the series was, before it changed, be as it is."""
    today = times.town_now().date()
    waiting = series.requests.filter(state__in=[*BEFORE_LOOKING, *LOOKING], day__gt=today)
    own = waiting.filter(day=F("occurrence_on"), **before)
    wanted = set(days_to_come(series, first=today, last=today + A_YEAR))
    for request in own.order_by("pk"):
        if request.day in wanted:
            amending.amend(request, _need(series, request.day), by_account=by_account)
        else:
            cancel(request, reason=Reason.OTHER, words=OTHER_DAYS, by_account=by_account)


def _need(series: HelpSeries, day: date) -> Need:
    return Need(
        kind=series.kind,
        day=day,
        hour=series.hour,
        moment=series.moment,
        urgency=series.urgency,
        commune=series.commune,
        district=series.district,
        address=series.address,
        details=series.details,
        answers=series.answers,
        people_needed=series.people_needed,
    )
