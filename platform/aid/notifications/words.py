"""What a message says, before its channel is known."""

from dataclasses import dataclass

from aid.configuration.services import identity
from themes.brand import format_telephone


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
    """The body of an e-mail that the town signs, with its name and telephone; empty paragraphs are left out."""
    known = identity()
    signature = f"{known.public_name}\n{format_telephone(known.telephone)}".strip()
    return "\n\n".join(filter(None, [*paragraphs, signature]))
