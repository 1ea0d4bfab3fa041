"""Many rows, some at a time: what stops in the middle goes on from there."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Row = TypeVar("Row")


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Each `size` of them in turn, the last ones fewer."""
    each = iter(rows)
    while batch := list(islice(each, size)):
        yield batch
