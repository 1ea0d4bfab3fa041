"""The town's own books: contract, counts, quotes and invoices."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.databases import FIRST_TOWN
from harness.permissions import Line, for_administrators
from harness.seen import NOT_A_PAGE, Seen, both, each
from harness.town_books import town_books
from harness.towns import entry_of

if TYPE_CHECKING:
    from harness.scene import Scene

BOOKS = "/bureau/contrat/"
WHO = "administrator"
TOO_LONG = "x" * 1001
PAGES: dict[str, list[Seen]] = {
    "books:contract": [Seen(BOOKS, WHO)],
    "books:other_contract": [Seen(f"{BOOKS}{{books_contract}}/", WHO)],
    "books:counts": [Seen(f"{BOOKS}comptages/", WHO)],
    "books:count": each(f"{BOOKS}comptage/{{books_*}}/", ("counted", "proposed"), WHO),
    "books:contest": [
        *both(f"{BOOKS}comptage/{{books_proposed}}/contester/", WHO, "Envoyer", **{"Qu’est-ce qui": TOO_LONG}),
        Seen(f"{BOOKS}comptage/{{books_counted}}/contester/", WHO),
    ],
    "books:documents": [Seen(f"{BOOKS}factures/", WHO)],
    "books:invoice": each(f"{BOOKS}facture/{{books_*}}/", ("invoice", "credit_note"), WHO),
    "books:invoice_pdf": NOT_A_PAGE,  # a file
    "books:invoice_xml": NOT_A_PAGE,  # a file
    "books:quote": each(f"{BOOKS}devis/{{books_*}}/", ("accepted", "offered"), WHO),
    "books:quote_pdf": NOT_A_PAGE,  # a file
    "books:signed_quote": NOT_A_PAGE,  # a file
    "books:numbers": [Seen(f"{BOOKS}engagement/", WHO)],
    "books:give_number": both(f"{BOOKS}engagement/donner/", WHO, "Enregistrer ce numéro"),
}


def _row(name: str) -> Callable[[], dict[str, int]]:
    return lambda: {"pk": getattr(town_books(entry_of(FIRST_TOWN)), name).pk}


ADDRESSES: dict[str, Line] = {
    "books:contract": for_administrators(),
    "books:other_contract": for_administrators(kwargs=_row("contract")),
    "books:counts": for_administrators(),
    "books:count": for_administrators(kwargs=_row("counted")),
    "books:contest": for_administrators(kwargs=_row("proposed")),
    "books:documents": for_administrators(),
    "books:invoice": for_administrators(kwargs=_row("invoice")),
    "books:invoice_pdf": for_administrators(kwargs=_row("invoice")),
    "books:invoice_xml": for_administrators(kwargs=_row("invoice")),
    "books:quote": for_administrators(kwargs=_row("accepted")),
    "books:quote_pdf": for_administrators(kwargs=_row("accepted")),
    "books:signed_quote": for_administrators(kwargs=_row("accepted")),
    "books:numbers": for_administrators(),
    "books:give_number": for_administrators(),
}


def play(scene: "Scene") -> None:
    """A contract in its first year: an invoice that is late, a count to read, a number that is asked."""
    rows = town_books(scene.town)
    for name in ("contract", "counted", "proposed", "invoice", "credit_note", "accepted", "offered"):
        scene.tokens[f"books_{name}"] = getattr(rows, name).pk
