"""Days that come again: the part of RRULE (RFC 5545, 3.3.10) that people say aloud, read and written as its text."""

import datetime
from dataclasses import dataclass, replace

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday
from django.core.exceptions import ValidationError

from core.french import day_words, listed

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
LAST = -1
RANKS = {1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", LAST: "dernier"}
MOST_WEEKS, MOST_TIMES = 8, 500
UNKNOWN = "Cette répétition n’est pas de celles que nous connaissons."
UNTIL_FORMAT = "%Y%m%d"


@dataclass(frozen=True)
class Recurrence:
    """Each so many weeks on these weekdays (Monday is 0); or, with `nth`, each month on the nth of one weekday.

    It stops after the day `until`, or after `count` days, those that are skipped counted; else never. Raises
    ValidationError for a rule of another sort.
    """

    weekdays: tuple[int, ...]
    every: int = 1
    nth: int = 0
    until: datetime.date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        is_known = (
            bool(self.weekdays)
            and list(self.weekdays) == sorted(set(self.weekdays) & set(range(len(DAYS))))
            and 1 <= self.every <= MOST_WEEKS
            and (self.nth == 0 or (self.nth in RANKS and len(self.weekdays) == 1 and self.every == 1))
            and (self.count is None or (self.until is None and 1 <= self.count <= MOST_TIMES))
        )
        if not is_known:
            raise ValidationError(UNKNOWN)

    @property
    def text(self) -> str:
        """The rule as iCalendar writes it."""
        rank = str(self.nth) if self.nth else ""
        parts = {
            "FREQ": "MONTHLY" if self.nth else "WEEKLY",
            "INTERVAL": str(self.every) if self.every > 1 else "",
            "BYDAY": ",".join(f"{rank}{CODES[day]}" for day in self.weekdays),
            "UNTIL": self.until.strftime(UNTIL_FORMAT) if self.until else "",
            "COUNT": str(self.count) if self.count else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    @property
    def words(self) -> str:
        """The rule as people say it: « chaque mardi et vendredi, jusqu’au 3 mars 2027 »."""
        names = [DAYS[day] for day in self.weekdays]
        if self.nth:
            said = f"chaque mois, le {RANKS[self.nth]} {names[0]}"
        elif self.every == 1:
            said = f"chaque {listed(names)}"
        else:
            said = f"toutes les {self.every} semaines, {listed([f'le {name}' for name in names])}"
        if self.until:
            return f"{said}, jusqu’au {day_words(self.until)}"
        return f"{said}, {self.count} fois" if self.count else said

    def days(self, starts_on: datetime.date, *, first: datetime.date, last: datetime.date) -> list[datetime.date]:
        """Its days from `first` to `last`, both counted, of a series that starts on a day of its own, or just before.

        A day has no clock: neither the night when clocks change nor a time zone moves it.
        """
        by_day = [weekday(day, self.nth) if self.nth else weekday(day) for day in self.weekdays]
        rule = rrule(
            MONTHLY if self.nth else WEEKLY,
            dtstart=_midnight(starts_on),
            interval=self.every,
            wkst=MO,
            byweekday=by_day,
            until=_midnight(self.until) if self.until else None,
            count=self.count,
        )
        return [at.date() for at in rule.between(_midnight(first), _midnight(last), inc=True)]


def read(text: str) -> Recurrence:
    """The recurrence that a text of RRULE says. Raises ValidationError for what is no rule, or not of this sort."""
    try:
        pairs = [part.split("=") for part in text.upper().split(";")]
        parts = dict(pairs)
        by_day = parts.pop("BYDAY").split(",")
        ranks = {int(one[:-2] or 0) for one in by_day}
        (nth,) = ranks
        until, count = parts.pop("UNTIL", ""), parts.pop("COUNT", "")
        read_rule = Recurrence(
            weekdays=tuple(sorted(CODES.index(one[-2:]) for one in by_day)),
            every=int(parts.pop("INTERVAL", 1)),
            nth=nth,
            until=datetime.datetime.strptime(until, UNTIL_FORMAT).date() if until else None,  # noqa: DTZ007 (a day)
            count=int(count) if count else None,
        )
        # Nothing else was asked, and nothing twice.
        is_whole = parts == {"FREQ": "MONTHLY" if nth else "WEEKLY"} and len(pairs) == len({name for name, _ in pairs})
    except (ValueError, KeyError, TypeError) as error:
        raise ValidationError(UNKNOWN) from error
    if not is_whole:
        raise ValidationError(UNKNOWN)
    return read_rule


def monthly_like(day: datetime.date) -> Recurrence:
    """Each month on the same rank of the same weekday as a day; the fifth is the last."""
    nth = (day.day - 1) // len(DAYS) + 1
    return Recurrence((day.weekday(),), nth=nth if nth in RANKS else LAST)


def ending(recurrence: Recurrence, until: datetime.date | None) -> Recurrence:
    """The same, until another day; without one, for ever."""
    return replace(recurrence, until=until, count=None)


def validate(text: str) -> None:
    """A validator of a field that keeps the text of a rule."""
    read(text)


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())
