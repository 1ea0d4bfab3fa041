"""What leaves by SMS and e-mail, without the room that sends: a sender that keeps what really leaves."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest import mock

from django.db import transaction

from accounts import codes


@dataclass(frozen=True)
class Letter:
    """One message."""

    channel: str
    recipient: str
    subject: str
    body: str

    @property
    def code(self) -> str:
        """Its six digits."""
        (code,) = re.findall(r"\b\d{6}\b", self.body)
        return code


@dataclass
class Letters:
    """Messages that left, in order; and how many were written, be it to be undone."""

    left: list[Letter] = field(default_factory=list)
    written: int = 0

    def send(self, *, channel: str, recipient: str, subject: str, body: str, key: str) -> None:
        """As accounts.codes.Sender asks: it only counts once committed."""
        self.written += 1
        letter = Letter(channel, recipient, subject, body)
        transaction.on_commit(lambda: self.left.append(letter))


@contextmanager
def caught() -> Iterator[Letters]:
    """Messages written in the block, from towns and from the platform."""
    letters = Letters()
    with mock.patch.dict(codes._senders, {"town": letters.send, "platform": letters.send}):
        yield letters
