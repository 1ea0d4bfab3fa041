"""Counting in months, as laws do."""

import calendar
import datetime


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or earlier for a negative number; the last of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
