"""The week in twenty-one slots: a day, and the morning, the afternoon or the evening of it.

A slot is a short word, so that a volunteer's week is one column, and that two weeks overlap where the column does.
"""

import datetime

from aid.offers.enums import PartOfDay, Weekday

NOON, EVENING = datetime.time(12), datetime.time(18)


def slot(weekday: int, part: PartOfDay) -> str:
    """« 1-morning » for Monday morning."""
    return f"{weekday}-{part}"


# Each slot, as it is kept and as it is said, in the order of the week.
SLOTS = {slot(day, part): f"{day.label} {part.label}" for day in Weekday for part in PartOfDay}


def slots_of(day: datetime.date, part: PartOfDay | None = None) -> list[str]:
    """The slots that fit what is asked for a day: one, or any of that day where the part of it does not matter."""
    parts = list(PartOfDay) if part is None else [part]
    return [slot(day.isoweekday(), one) for one in parts]


def part_at(hour: datetime.time) -> PartOfDay:
    """The part of the day that an hour is in."""
    if hour < NOON:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if hour < EVENING else PartOfDay.EVENING


def in_words(slots: list[str]) -> str:
    """« lundi matin, mardi après-midi », in the order of the week."""
    return ", ".join(words for one, words in SLOTS.items() if one in slots)
