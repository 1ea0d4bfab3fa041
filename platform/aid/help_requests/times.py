"""Days and hours of requests, on the town's own clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from aid.help_requests.enums import Moment
from core import french

# By then at the latest somebody has come, where no hour was given.
LATEST_STARTS = {Moment.MORNING: time(12), Moment.AFTERNOON: time(18), Moment.ANY: time(20)}
FURTHEST = timedelta(days=365)
TOO_LATE_FOR = {
    Moment.MORNING: "La matinée est passée. Choisissez l’après-midi, ou un autre jour.",
    Moment.AFTERNOON: "L’après-midi est passé. Choisissez un autre jour.",
}


def town_zone() -> ZoneInfo:
    """The clock of the town that the connection is in, in a request as in a job."""
    return ZoneInfo(getattr(connection.tenant, "time_zone", None) or timezone.get_default_timezone_name())


def town_now() -> datetime:
    """Now, as the town's clocks show it."""
    return timezone.now().astimezone(town_zone())


def end_of(*, day: date, hour: time | None, moment: Moment | str, minutes: int) -> datetime:
    """When what is asked for should be over.

    That is its hour, or the latest one of its moment, and its usual minutes; never sooner than these minutes from now,
    for what is asked for late in the day. Clocks that change that night change nothing to how long it lasts.
    """
    starts = datetime.combine(day, hour or LATEST_STARTS[Moment(moment)], town_zone()).astimezone(UTC)
    return max(starts, timezone.now().astimezone(UTC)) + timedelta(minutes=minutes)


def check_day(day: date) -> None:
    """Raise ValidationError for a day that is over, or more than a year away."""
    today = town_now().date()
    if day < today:
        raise ValidationError({"day": "Ce jour est passé. Choisissez aujourd’hui ou un jour à venir."})
    if day > today + FURTHEST:
        raise ValidationError({"day": "Ce jour est trop loin. Choisissez un jour dans l’année qui vient."})


def check_hour(day: date, hour: time | None, moment: Moment | str) -> None:
    """Raise ValidationError for an hour or a moment of today that is over."""
    now = town_now()
    if day != now.date():
        return
    if hour is not None:
        if hour <= now.time():
            raise ValidationError({"hour": "Cette heure est passée. Écrivez une heure à venir, ou un autre jour."})
    elif moment in TOO_LATE_FOR and now.time() >= LATEST_STARTS[Moment(moment)]:
        raise ValidationError({"moment": TOO_LATE_FOR[Moment(moment)]})


def day_words(day: date) -> str:
    """A day as people say it: « mardi 1er décembre »."""
    return french.day_words(day, "l j F")


def when_words(day: date, hour: time | None, moment: Moment | str) -> str:
    """A day and its hour as people say them: « mardi 3 mars, à 14 h 30 »."""
    return f"{day_words(day)}, {moment_words(hour, moment)}"


def moment_words(hour: time | None, moment: Moment | str) -> str:
    """When in a day: « à 14 h 30 », « le matin »."""
    if hour is None:
        return str(Moment(moment).label)
    minutes = f" {hour.minute:02}" if hour.minute else ""
    return f"à {hour.hour} h{minutes}"
