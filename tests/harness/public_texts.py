"""Public texts of no room: a kind of subject that tests register, kept in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from aid.moderation import services, subjects
from aid.moderation.services import Verdict
from aid.people.models import Person

KIND = "petit-mot"
_numbers = count(1)


@dataclass
class PublicText:
    """One text, as a room would keep it."""

    author: Person | None
    words: str
    is_shown: bool = True
    reason: str = ""
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def subject(self) -> tuple[str, int]:
        """What moderation calls it."""
        return KIND, self.number


class Board:
    """A board on which anybody puts a text."""

    def __init__(self) -> None:
        self.texts: dict[int, PublicText] = {}

    def put(self, author: Person | None, words: str) -> tuple[PublicText, Verdict]:
        """Publish a text, as a room does: the row first, then the checks."""
        text = PublicText(author, words)
        self.texts[text.number] = text
        return text, services.submit(subject=text.subject, author=author, text=words)

    def change(self, text: PublicText, words: str) -> Verdict:
        """Have its author write it again."""
        text.words = words
        return services.submit(subject=text.subject, author=text.author, text=words)

    def subject(self) -> subjects.Subject:
        """How moderation reaches these texts."""
        return subjects.Subject(
            kind=KIND,
            label="petit mot",
            text_of=lambda number: self.texts[number].words if number in self.texts else "",
            url_of=lambda number: f"/?mot={number}" if self._shown(number) else "",
            author_of=lambda number: self.texts[number].author,
            hide=self._hide,
            restore=self._restore,
        )

    def _shown(self, number: int) -> bool:
        return number in self.texts and self.texts[number].is_shown

    def _hide(self, number: int, reason: str) -> None:
        self.texts[number].is_shown, self.texts[number].reason = False, reason

    def _restore(self, number: int) -> None:
        self.texts[number].is_shown, self.texts[number].reason = True, ""


@contextmanager
def a_board() -> Iterator[Board]:
    """A board that moderation knows, until the end."""
    board = Board()
    subjects.register(board.subject())
    yield board
    # What is kept for other tests is nothing: the next board takes its place.
    subjects.register(Board().subject())
