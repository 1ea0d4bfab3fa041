"""The verbs of needs that come again: begin, write the days to come, skip one, amend, pause, end.

A series is locked before its requests: of several who act at once, each finds what the one before did. What was agreed
for one day, or moved by itself, is that day's own: the series does not touch it, save when it ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.configuration.enums import Mode
from aid.help_requests import times
from aid.help_requests.enums import (
    CONFIRM,
    OVER,
    PUBLISH,
    Reason,
    RequestState,
    SeriesState,
)
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.recurring import FURTHEST_SKIPS
from aid.help_requests.services import ask_online, cancel
from aid.help_requests.transitions import NotAllowedError, take, write_step
from aid.help_requests.writing import ASK
from aid.people.models import Person
from core import public_holidays
from core.recurrence import Recurrence

# Lines of the journals of its requests that move none of them.
REPEAT, SKIP, PAUSE, RESUME = "repeat", "skip", "pause", "resume"
AHEAD = timedelta(weeks=4)
A_YEAR = timedelta(days=366)
SHOWN = 6
PAUSED_WORDS = "La demande est en pause."
# What each occurrence has of its series, and the series of the first one.
SHARED = (
    "person",
    "kind",
    "details",
    "answers",
    "mode",
    "people_needed",
    "hour",
    "moment",
    "urgency",
    "commune",
    "district",
    "address",
    "source",
    "asked_by",
    "asked_by_name",
    "asked_by_person",
    "consent",
    "entered_by",
)

HOLIDAY = "Ce jour est férié : ce qui revient saute les jours fériés. Choisissez un autre premier jour."
Listener = Callable[[HelpSeries], None]
_listeners: list[Listener] = []


@dataclass(frozen=True)
class Occurrence:
    """A day to come of a series, and its request once it is written."""

    day: date
    request: HelpRequest | None = None
    is_skipped: bool = False

    @property
    def rule_day(self) -> date:
        """The day that the rule gave, wherever the request was moved."""
        return self.request.occurrence_on if self.request else self.day

    @property
    def words(self) -> str:
        """The day, as people say it."""
        return times.day_words(self.day)

    @property
    def may_be_skipped(self) -> bool:
        """Whether something is left to call off."""
        if self.request is None:
            return not self.is_skipped
        return self.request.state not in OVER and not self.request.took_place


def listen_to_end(listener: Listener) -> None:
    """Have `listener` called, in the same transaction, once a series was ended. For rooms above, from `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def begin(
    request: HelpRequest,
    rule: Recurrence,
    *,
    skips_holidays: bool = True,
    by_account: Account | None = None,
    by_person: Person | None = None,
) -> HelpSeries:
    """Have what was asked for come again: this request is the first occurrence. Twice is once.

    Nothing more is written before the first one is confirmed. Raises NotAllowedError once it is over, ValidationError
    by field where its day is not one of the rule's.
    """
    first = HelpRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if first.series is not None:
        return first.series
    if first.state in OVER:
        raise NotAllowedError(f"Cette demande est {first.state_said}.")
    check_rule(rule, first.day)
    if skips_holidays and _holidays(first, first.day, first.day):
        raise ValidationError({"day": HOLIDAY})
    is_known = first.state != RequestState.TO_CHECK
    series = HelpSeries.objects.create(
        rule=rule.text,
        starts_on=first.day,
        skips_holidays=skips_holidays,
        state=SeriesState.RUNNING if is_known else SeriesState.TO_CHECK,
        **{name: getattr(first, name) for name in SHARED},
    )
    first.series, first.occurrence_on = series, first.day
    first.save(update_fields=["series", "occurrence_on"])
    write_step(first, REPEAT, by_account=by_account, by_person=by_person)
    draw(series.pk)
    return series


@transaction.atomic
def ask_online_again(*, rule: Recurrence | None, **asked: Any) -> HelpRequest:
    """Write down what somebody asks for on the site (services.ask_online), which comes again where there is a rule."""
    request = ask_online(**asked)
    if rule is not None:
        begin(request, rule, by_person=request.asked_by_person or request.person)
    return request


def check_rule(rule: Recurrence, first: date) -> None:
    """Raise ValidationError, by field, for a rule that does not give its first day, or ends before it."""
    if rule.until is not None and rule.until <= first:
        raise ValidationError({"until": "Le dernier jour vient après le premier."})
    if rule.days(first, first=first, last=first) != [first]:
        raise ValidationError({"weekdays": "Le premier jour doit être l’un de ceux que vous choisissez."})


@transaction.atomic
def draw(number: int) -> int:
    """Write the occurrences of the next four weeks, and have those that are near look for somebody.

    Answers how many were written. Whatever was done already is left as it is, however often this runs.
    """
    series = locked_series(number)
    if series is None:
        return 0
    if series.state == SeriesState.TO_CHECK:
        _settle(series)
    today = times.town_now().date()
    drafts = series.requests.filter(state=RequestState.DRAFT).order_by("pk")
    near = drafts.filter(day__lte=today + timedelta(days=series.notice_days))
    if series.state == SeriesState.PAUSED:
        for request in near:
            cancel(request, reason=Reason.IMPEDED, words=PAUSED_WORDS)
    if series.state != SeriesState.RUNNING:
        return 0
    known = set(series.requests.values_list("occurrence_on", flat=True))
    days = [day for day in days_to_come(series, first=_tomorrow(), last=today + AHEAD) if day not in known]
    for day in days:
        _write(series, day)
    for request in near.filter(day__gte=today):
        take(request, PUBLISH)
    # A last day that was moved is still to be published.
    is_awaited = drafts.filter(day__gte=today).exists()
    if not is_awaited and not series.recurrence.days(series.starts_on, first=today, last=today + A_YEAR):
        _close(series)
    return len(days)


@transaction.atomic
def skip(
    series: HelpSeries, day: date, *, by_account: Account | None = None, by_person: Person | None = None
) -> HelpSeries:
    """Not this time: the request of that day, if there is one, is called off, and whoever goes is told.

    Raises NotAllowedError once the series is ended, ValidationError by field for a day that is none of its own, or that
    took place.
    """
    locked = standing_series(series)
    today = times.town_now().date()
    own = locked.recurrence.days(locked.starts_on, first=max(day, today), last=day)
    written = locked.requests.filter(occurrence_on=day).first()
    if not own and written is None:
        raise ValidationError({"day": "Choisissez l’un des jours à venir de cette demande."})
    if written is not None and written.took_place:
        raise ValidationError({"day": "Ce rendez-vous a déjà commencé."})
    skips = sorted({one for one in locked.skips if one >= today} | {day})
    if len(skips) > FURTHEST_SKIPS:
        raise ValidationError({"day": "Beaucoup de jours sont déjà sautés. Mettez plutôt la demande en pause."})
    locked.skips = skips
    locked.save(update_fields=["skips"])
    if written is None:
        _note(locked, SKIP, by_account=by_account, by_person=by_person)
    elif written.state not in OVER:
        cancel(written, reason=Reason.IMPEDED, by_account=by_account, by_person=by_person)
    return locked


@transaction.atomic
def pause(series: HelpSeries, *, by_account: Account | None = None) -> HelpSeries:
    """Look for nobody more, until `resume`; what was asked of somebody already stays. Raises NotAllowedError."""
    return _move(series, SeriesState.RUNNING, SeriesState.PAUSED, name=PAUSE, by_account=by_account)


@transaction.atomic
def resume(series: HelpSeries, *, by_account: Account | None = None) -> HelpSeries:
    """Go on, from the days to come. Raises NotAllowedError unless it is paused."""
    resumed = _move(series, SeriesState.PAUSED, SeriesState.RUNNING, name=RESUME, by_account=by_account)
    draw(resumed.pk)
    return resumed


@transaction.atomic
def end(
    series: HelpSeries,
    *,
    words: str = "",
    reason: Reason = Reason.NOT_NEEDED,
    by_account: Account | None = None,
    by_person: Person | None = None,
) -> HelpSeries:
    """It comes no more: its days to come are called off, and whoever was to go is told. A second time changes nothing.

    What has begun, or whose hour has passed, took place: who went will say so.
    """
    ended = locked_series(series.pk)
    if ended is None or ended.state == SeriesState.ENDED:
        return ended or series
    _close(ended)
    for request in ended.requests.exclude(state__in=OVER).order_by("pk"):
        if not request.took_place:
            cancel(request, words=words, reason=reason, by_account=by_account, by_person=by_person)
    for listener in _listeners:
        listener(ended)
    return ended


def end_all(
    person: Person, *, words: str, reason: Reason, by_account: Account | None, by_person: Person | None = None
) -> None:
    """End whatever comes again for somebody."""
    for series in HelpSeries.objects.standing().filter(person=person).order_by("pk"):
        end(series, words=words, reason=reason, by_account=by_account, by_person=by_person)


def lock_all(person: Person) -> None:
    """Have whatever comes again for somebody stay as it is, until the end of the transaction."""
    list(HelpSeries.objects.select_for_update().filter(person=person).order_by("pk").values_list("pk"))


def days_to_come(series: HelpSeries, *, first: date, last: date) -> list[date]:
    """The days, both counted, on which it is wanted: neither skipped, nor out of season, nor a holiday there."""
    days = series.recurrence.days(series.starts_on, first=first, last=last)
    left_out = set(series.skips)
    if series.skips_holidays:
        left_out |= _holidays(series, first, last)
    return [day for day in days if day not in left_out and series.kind.is_in_season(day)]


def _holidays(there: HelpRequest | HelpSeries, first: date, last: date) -> set[date]:
    return public_holidays.between(first, last, there.commune.commune.department_id)


def occurrences(series: HelpSeries) -> list[Occurrence]:
    """The days to come that a page shows, the nearest first: those written, wherever they were moved, and the next."""
    today = times.town_now().date()
    last = today + 2 * AHEAD
    written = list(series.requests.filter(day__gte=today).select_related("volunteer__person").order_by("day", "pk"))
    shown = [Occurrence(one.day, one, one.state == RequestState.CANCELLED) for one in written]
    if series.state == SeriesState.RUNNING:
        known = set(series.requests.values_list("occurrence_on", flat=True))
        wanted = set(days_to_come(series, first=_tomorrow(), last=last))
        days = series.recurrence.days(series.starts_on, first=_tomorrow(), last=last)
        shown += [Occurrence(day, is_skipped=day not in wanted) for day in days if day not in known]
    return sorted(shown, key=lambda one: one.day)[:SHOWN]


def keep_mode(series: HelpSeries, mode: Mode) -> None:
    """Have the days that look for nobody yet, and those to be written, find somebody this way. It is locked already."""
    series.mode = mode
    series.save(update_fields=["mode"])
    series.requests.filter(state=RequestState.DRAFT).update(mode=mode)


def locked_series(number: int) -> HelpSeries | None:
    """A series as it is, until the end of the transaction; None if it is gone."""
    list(HelpSeries.objects.select_for_update().filter(pk=number).values_list("pk"))
    return HelpSeries.objects.with_page_related_data().filter(pk=number).first()


def standing_series(series: HelpSeries) -> HelpSeries:
    """The same of one that was not ended. Raises NotAllowedError."""
    locked = locked_series(series.pk)
    if locked is None or locked.state == SeriesState.ENDED:
        raise NotAllowedError("Cette demande qui revient est arrêtée.")
    return locked


def _move(
    series: HelpSeries, source: SeriesState, target: SeriesState, *, name: str, by_account: Account | None
) -> HelpSeries:
    locked = standing_series(series)
    if locked.state != source:
        raise NotAllowedError(f"Cette demande qui revient est {locked.get_state_display()}.")
    locked.state = target
    locked.save(update_fields=["state"])
    _note(locked, name, by_account=by_account)
    return locked


def _note(series: HelpSeries, name: str, *, by_account: Account | None, by_person: Person | None = None) -> None:
    """Who did it, in the journal of the day furthest ahead: a series has none of its own."""
    request = series.requests.order_by("day").last()
    if request is not None:
        write_step(request, name, by_account=by_account, by_person=by_person)


def _close(series: HelpSeries) -> None:
    series.state, series.ended_at = SeriesState.ENDED, timezone.now()
    series.save(update_fields=["state", "ended_at"])


def _settle(series: HelpSeries) -> None:
    """A series whose first request was to be confirmed runs once it was, and is ended where it will not be."""
    first = series.requests.order_by("occurrence_on")[0]
    if first.steps.filter(name=CONFIRM.name).exists():
        series.state = SeriesState.RUNNING
        series.save(update_fields=["state"])
    elif first.state in OVER:
        _close(series)


def _write(series: HelpSeries, day: date) -> HelpRequest:
    """Keep one occurrence, which looks for nobody yet."""
    request = HelpRequest.objects.create(
        series=series,
        occurrence_on=day,
        state=RequestState.DRAFT,
        day=day,
        ends_at=_end_of(series, day),
        **{name: getattr(series, name) for name in SHARED} | {"mode": Mode(series.mode).of_town},
    )
    write_step(request, ASK)
    return request


def _end_of(series: HelpSeries, day: date) -> datetime:
    return times.end_of(day=day, hour=series.hour, moment=series.moment, minutes=series.kind.usual_minutes)


def _tomorrow() -> date:
    """Today's hour may have passed: what is written ahead is written from tomorrow on."""
    return times.town_now().date() + timedelta(days=1)
