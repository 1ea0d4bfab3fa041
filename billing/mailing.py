"""The door by which the operator's e-mails to people of finance leave.

The platform's own e-mails are the console's, a floor above, which registers its sender here.
"""

from typing import Protocol

from billing.errors import BooksError
from billing.models import Buyer, DocumentFile, FinanceContact


class Mailer(Protocol):
    """What sends an e-mail. It must only write in the database, in the transaction that it is called in."""

    def __call__(self, *, recipient: str, subject: str, body: str, document: DocumentFile | None) -> object:
        """Send `body`, with a document where there is one."""


class MailerMissingError(RuntimeError):
    """No room has registered how e-mails leave."""


class NoContactError(BooksError):
    """The buyer has nobody of finance to write to; the message says so in French."""


_mailers: list[Mailer] = []


def register(mailer: Mailer) -> None:
    """Have e-mails leave by `mailer`; the last to register is used."""
    _mailers[:] = [mailer]


def write_to_finance(
    buyer: Buyer, *, subject: str, body: str, document: DocumentFile | None = None
) -> list[FinanceContact]:
    """Write to each of a buyer's people of finance, by name, and to nobody else ever; answer whom.

    Raises NoContactError for a buyer without any, MailerMissingError.
    """
    contacts = list(buyer.contacts.order_by("pk"))
    if not contacts:
        raise NoContactError(f"{buyer.name} n’a donné aucun contact des finances : notez-en un.")
    if not _mailers:
        raise MailerMissingError("no mailer is registered here")
    for contact in contacts:
        greeted = f"Bonjour {contact.name},\n\n{body}"
        _mailers[0](recipient=contact.email, subject=subject, body=greeted, document=document)
    return contacts
