"""Counting in months, as laws do; reading days as people type them."""

import calendar
import datetime

# As a browser sends a day, then as hands write one.
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y"]
WRITE_A_DAY = "Ce jour n’existe pas. Écrivez-le ainsi : 24/11/2026."


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or earlier for a negative number; the last of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
