"""SMS that come back: rooms above register what they understand."""

from collections.abc import Callable

from aid.notifications.models import Message
from core.text import fold

# Given the number (E.164), the text as it was typed and the last SMS that was read there, which it answers unless it
# says otherwise; the words to send back, "" for none, None for « not for me ».
Handler = Callable[[str, str, Message | None], str | None]
_handlers: list[Handler] = []

YES = frozenset(["oui", "ok", "okay", "yes", "ouais", "volontiers", "partant", "partante"])
NO = frozenset(["non", "no", "nan", "impossible"])


def register(handler: Handler) -> None:
    """Have `handler` asked about each SMS that comes back, until one understands. From `ready()`."""
    if handler not in _handlers:
        _handlers.append(handler)


def unregister(handler: Handler) -> None:
    """Forget `handler`: for tests, which register their own. Raises ValueError if it is not there."""
    _handlers.remove(handler)


def ask_handlers(phone: str, text: str, question: Message | None) -> str | None:
    """The words that the first handler who understands sends back; None if nobody does."""
    answers = (handler(phone, text, question) for handler in _handlers)
    return next((answer for answer in answers if answer is not None), None)


def is_yes(text: str) -> bool | None:
    """True for « OUI », « oui merci », « Ok ! »; False for « Non », « non désolée »; None for what is neither.

    The first word tells, unless the other one follows: « oui et non » is for a person to read.
    """
    words = fold(text).split()
    if not words:
        return None
    said = {word in YES for word in words if word in YES | NO}
    if len(said) > 1 or words[0] not in YES | NO:
        return None
    return words[0] in YES
