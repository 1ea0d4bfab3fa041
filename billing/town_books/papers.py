"""What quotes and invoices have in common on the town's pages: lines, sums, files as they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.access import for_current_town
from billing.enums import DocumentKind
from billing.filing import CONTENT_TYPES, sealed
from billing.models import DocumentFile
from billing.town_books.reading import NotHereError


@dataclass(frozen=True)
class FileShown:
    """A file that may be downloaded: its form, its size, what proves that it is the one stored."""

    kind: str
    label: str
    kilobytes: int
    sha256: str


@dataclass(frozen=True)
class StoredFile:
    """The bytes of a file, as they are stored, and how they are named."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Explained:
    """A count that a line comes from, in words."""

    number: int
    words: str
    is_example: bool


@dataclass(frozen=True)
class LineShown:
    """A line of a document, and what it comes from."""

    words: str
    count: int
    unit: Decimal
    net: Decimal
    counts: tuple[Explained, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class TotalsShown:
    """The sums of a document; its VAT, at the rate of each row."""

    net: Decimal
    vat: tuple[tuple[str, Decimal], ...]
    payable: Decimal


def file_of_invoice(pk: int, kind: DocumentKind) -> StoredFile:
    """The bytes of a form of an invoice of the town's. Raises NotHereError, also while they are not made."""
    with for_current_town():
        files = DocumentFile.objects.filter(invoice=pk, kind=kind)
        found = files.values_list("invoice__number", "content", "sha256").first()
    return stored(found, kind)


def file_of_quote(pk: int, kind: DocumentKind) -> StoredFile:
    """The same of a quote that was sent."""
    with for_current_town():
        files = DocumentFile.objects.filter(quote=pk, kind=kind)
        found = files.values_list("quote__number", "content", "sha256").first()
    return stored(found, kind)


def stored(found: tuple[str, Any, str] | None, kind: DocumentKind) -> StoredFile:
    """A name, bytes and their seal, as they are served. Raises NotHereError for none, billing.filing.DamagedError."""
    if found is None:
        raise NotHereError(kind)
    name, content, seal = found
    return StoredFile(f"{name}.{kind}", sealed(content, seal, of=name), CONTENT_TYPES[kind])


def totals_of(said: Mapping[str, Any]) -> TotalsShown:
    """The sums that a payload says."""
    totals = said["totals"]
    vat = tuple((_rate(one["rate"]), Decimal(one["amount"])) for one in said["vat"])
    return TotalsShown(Decimal(totals["net"]), vat, Decimal(totals["payable"]))


def _rate(rate: str) -> str:
    return f"TVA à {rate.replace('.', ',')}\u00a0%" if Decimal(rate) else "Sans TVA"


def file_shown(one: DocumentFile) -> FileShown:
    """What a page says of a file."""
    return FileShown(one.kind, DocumentKind(one.kind).label, -(-one.size // 1000), one.sha256)
