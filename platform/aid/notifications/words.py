"""What a message says, before its channel is known."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One message, written for each channel by the texts.py of the room that sends it.

    `subject` never holds anything personal: it shows on locked screens. In `body` (plain text), the first line that is
    an address, alone or as « Répondre : https://… », is the e-mail's button. `sms` is short; the town's name and
    telephone are put round it, so it need not hold them.
    """

    subject: str
    body: str
    sms: str


def letter(*paragraphs: str) -> str:
    """The body of a message by its paragraphs, without those that are empty; `layout` signs it for the town."""
    return "\n\n".join(filter(None, paragraphs))
