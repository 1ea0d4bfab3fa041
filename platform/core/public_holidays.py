"""The public holidays of France, by département: Code du travail, L. 3133-1, L. 3134-13 and L. 3422-2.

Written here rather than taken from a library: docs/decisions/2026-11-26-recurring-needs.md.
"""

import datetime

from dateutil.easter import easter

# (month, day)
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Days after Easter Sunday: Easter Monday, Ascension, Whit Monday.
AFTER_EASTER = (1, 39, 50)
GOOD_FRIDAY = -2
ALSACE_MOSELLE = ("57", "67", "68")
SAINT_STEPHEN = (12, 26)
# The abolition of slavery, each where it is kept (décret n° 83-1003; loi n° 2017-256 for Saint-Martin).
ABOLITION = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 28),
}


def in_year(year: int, department: str = "") -> set[datetime.date]:
    """The holidays of a year where a commune is; without a département, those of everywhere."""
    sunday = easter(year)
    fixed, moving = [*FIXED], [*AFTER_EASTER]
    if department in ALSACE_MOSELLE:
        fixed.append(SAINT_STEPHEN)
        moving.append(GOOD_FRIDAY)
    if department in ABOLITION:
        fixed.append(ABOLITION[department])
    days = {datetime.date(year, month, day) for month, day in fixed}
    return days | {sunday + datetime.timedelta(days=after) for after in moving}


def between(first: datetime.date, last: datetime.date, department: str = "") -> set[datetime.date]:
    """The holidays from one day to another, both counted."""
    days = {day for year in range(first.year, last.year + 1) for day in in_year(year, department)}
    return {day for day in days if first <= day <= last}
