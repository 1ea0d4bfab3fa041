"""What somebody has answered so far of a form in several pages, kept in their own session: going back loses nothing."""

import time
import uuid
from typing import Any, ClassVar

from django.contrib.sessions.backends.base import SessionBase

# A tablet is lent, a computer is shared: who comes later finds none of it.
LIVES = 60 * 60


class Journey:
    """One form on its way, from the first answer to the page that follows it. Each kind has a `key` of its own."""

    key: ClassVar[str]

    def __init__(self, session: SessionBase) -> None:
        self._session = session
        kept = session.get(self.key, {})
        self._kept: dict[str, Any] = kept if kept.get("until", 0) > time.time() else {}

    @property
    def uid(self) -> uuid.UUID | None:
        """What makes two sendings of this journey one; None before the first answer."""
        return uuid.UUID(self._kept["uid"]) if "uid" in self._kept else None

    @property
    def is_sent(self) -> bool:
        """Whether it is written down."""
        return self._kept.get("is_sent", False)

    def answers(self, step: str) -> dict[str, Any] | None:
        """What was answered at a step, None before."""
        return self._kept.get(step)

    def keep(self, step: str, answers: dict[str, Any]) -> None:
        """Keep the answers of a step. After one that was sent, a new journey begins."""
        if not self._kept or self.is_sent:
            self._kept = {"uid": str(uuid.uuid4())}
        self._kept[step] = answers
        self._save()

    def send(self) -> None:
        """Remember that it was sent, and nothing of what was typed."""
        self._kept = {"uid": self._kept["uid"], "is_sent": True}
        self._save()

    def end(self) -> None:
        """Forget it."""
        self._session.pop(self.key, None)
        self._kept = {}

    def _save(self) -> None:
        self._session[self.key] = self._kept | {"until": time.time() + LIVES}
