"""Days over which something is owed."""

import datetime
from dataclasses import dataclass

from billing.enums import YearStart
from core.dates import months_after
from core.french import day_words

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` to the eve of `end`, which is not in it. Raises ValueError for one of no day."""

    start: datetime.date
    end: datetime.date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"no day from {self.start} to the eve of {self.end}")

    def __contains__(self, day: datetime.date) -> bool:
        return self.start <= day < self.end

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> datetime.date:
        """The day that a document gives as its end."""
        return self.end - datetime.timedelta(days=1)

    @property
    def words(self) -> str:
        """« du 1er janvier 2027 au 31 décembre 2027 »."""
        return f"du {day_words(self.start)} au {day_words(self.last_day)}"


def contract_year(begins: datetime.date, *, on: datetime.date, year_start: YearStart) -> Period:
    """The whole year of a contract that holds the day `on`: what prices « a year » are divided by.

    The first one of the calendar began before the contract: only its days from `begins` on are owed. Anniversaries of
    29 February fall on the 28th in the years that have none, so that years follow each other without a hole. Raises
    ValueError for a day before the contract.
    """
    if on < begins:
        raise ValueError(f"nothing is owed on {on}, before {begins}")
    if year_start == YearStart.CALENDAR:
        return Period(datetime.date(on.year, 1, 1), datetime.date(on.year + 1, 1, 1))
    passed = on.year - begins.year
    if on < _anniversary(begins, passed):
        passed -= 1
    return Period(_anniversary(begins, passed), _anniversary(begins, passed + 1))


def _anniversary(begins: datetime.date, years: int) -> datetime.date:
    return months_after(begins, _MONTHS_A_YEAR * years)
