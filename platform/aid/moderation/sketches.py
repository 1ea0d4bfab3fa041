"""Near-identical texts: a text is known again by a sketch of it, from which nothing of it can be read.

A sketch is the least of the hashes of its runs of three letters; two sketches tell how many runs the texts share, of
all that they have (Jaccard; Broder, 1997). So a comparison costs the same whatever the length of a text.
"""

import zlib
from collections.abc import Iterable
from datetime import timedelta

from core.text import fold

ALIKE = 0.7
MOST_ALIKE = 5
WITHIN = timedelta(days=7)
# A few words that everybody writes are not a text that is sent again and again.
SHORTEST = 30
# The latest are compared: a town publishes less than that in seven days.
MOST_COMPARED = 500
_SIZE, _RUN = 128, 3
# A hash as a signed integer of PostgreSQL.
_HALF = 2**31


def sketch(text: str) -> list[int]:
    """The sketch of a text, sorted; nothing for one that is too short to be known again."""
    folded = fold(text)
    if len(folded) < SHORTEST:
        return []
    runs = {folded[place : place + _RUN] for place in range(len(folded) - _RUN + 1)}
    return sorted(zlib.crc32(run.encode()) - _HALF for run in runs)[:_SIZE]


def likeness(one: Iterable[int], other: Iterable[int]) -> float:
    """How much two texts share, from 0 to 1, as far as their sketches tell."""
    ours, theirs = set(one), set(other)
    least = sorted(ours | theirs)[:_SIZE]
    return len(ours & theirs & set(least)) / len(least) if least else 0.0


def alike(one: list[int], others: Iterable[list[int]]) -> int:
    """How many of these sketches are of nearly the same text."""
    return sum(likeness(one, other) >= ALIKE for other in others) if one else 0
