"""A board where anybody puts a text, and somebody who writes."""

from collections.abc import Iterator

import pytest

from aid.people.models import Person
from harness.loop import somebody
from harness.public_texts import Board, a_board


@pytest.fixture
def board() -> Iterator[Board]:
    """Public texts that moderation reads."""
    with a_board() as found:
        yield found


@pytest.fixture
def author(town) -> Person:
    """Who writes; she reads SMS."""
    return somebody("Alice", "+33639980002", last_name="Morvan")
