"""The digest of a week: what waits for somebody, by e-mail, from every room that has something to tell them.

Nothing to tell, nothing sent.
"""

import datetime
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from aid.notifications import texts
from aid.notifications.channels import channel_of
from aid.notifications.services import send_many
from aid.people.enums import Purpose, Way
from aid.people.models import Person

BATCH = 500
MONDAY = 0


@dataclass(frozen=True)
class Section:
    """What one room tells: a title, then paragraphs that name nobody."""

    title: str
    paragraphs: tuple[str, ...]


# What a room tells these persons, by number of person; who has nothing to be told is left out.
Teller = Callable[[Collection[Person]], dict[int, Section]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Have `teller` asked for its section, once for many persons. For rooms above, from `ready()`."""
    if teller not in _tellers:
        _tellers.append(teller)


def send_digests(today: datetime.date) -> int:
    """Write the digest of this week to who gets it and has something to read, on Mondays; answer how many are new."""
    if today.weekday() != MONDAY:
        return 0
    year, week, _ = today.isocalendar()
    return sum(
        send_many(
            (person, "digest", f"digest:{year}-{week}:{person.pk}", texts.digest(person, sections))
            for person, sections in _told(batch)
        )
        for batch in _readers()
    )


def _readers() -> Iterator[list[Person]]:
    """Who reads a digest, some at a time."""
    after = 0
    while batch := list(Person.objects.living().filter(email__gt="", pk__gt=after).order_by("pk")[:BATCH]):
        after = batch[-1].pk
        yield [one for one in batch if channel_of(one, Purpose.DIGEST) == Way.EMAIL]


def _told(persons: list[Person]) -> Iterator[tuple[Person, list[Section]]]:
    found = [teller(persons) for teller in _tellers]
    for person in persons:
        sections = [of_room[person.pk] for of_room in found if person.pk in of_room]
        if sections:
            yield person, sections
