"""The bytes of documents: made once, sealed, served as they are stored. What was issued is never laid out again."""

import datetime
import hashlib
from typing import TypeVar

from django.db import models
from django.db.models import F, Func

from billing.documents.checks import checked_pdf
from billing.enums import DocumentKind
from billing.models import DocumentFile, Invoice, Quote

# After its number: a worker was away for that long, or its job failed.
LONGEST_WITHOUT_PDF = datetime.timedelta(hours=1)
CONTENT_TYPES = {DocumentKind.PDF: "application/pdf", DocumentKind.XML: "application/xml"}
Sealed = TypeVar("Sealed", bound=models.Model)


class NotMadeYetError(LookupError):
    """The file of a document is not stored yet; the message says so in French."""


class DamagedError(RuntimeError):
    """Stored bytes are not those that were sealed; the message says of what, in French."""


def keep(document: Invoice | Quote, kind: DocumentKind, content: bytes) -> DocumentFile:
    """Store a form of a document, once. Raises IntegrityError where it is stored already."""
    file = _file(document, kind, content)
    file.save()
    return file


def stored(document: Invoice | Quote, kind: DocumentKind) -> bytes:
    """The bytes of a form of a document, as they were stored. Raises NotMadeYetError, DamagedError."""
    return _content(document.files.filter(kind=kind).first(), of=document)


def sealed(content: bytes | memoryview, sha256: str, *, of: str) -> bytes:
    """Stored bytes, which are those that were sealed: whoever serves or sends some asks here. Raises DamagedError."""
    kept = bytes(content)
    if hashlib.sha256(kept).hexdigest() != sha256:
        raise DamagedError(f"Le fichier de {of} a changé depuis qu’il a été fait.")
    return kept


def make_pdf(invoice: Invoice) -> None:
    """Make the PDF of an invoice, from its frozen payload, its stored XML within; nothing where it is stored already.

    Raises RefusedError, NotMadeYetError.
    """
    files = {file.kind: file for file in invoice.files.all()}
    if DocumentKind.PDF in files:
        return
    content = checked_pdf(invoice.payload, _content(files.get(DocumentKind.XML), of=invoice))
    # Two workers at once: the first one's is the document.
    DocumentFile.objects.bulk_create([_file(invoice, DocumentKind.PDF, content)], ignore_conflicts=True)


def without_pdf(now: datetime.datetime) -> list[int]:
    """The keys of invoices whose PDF should have been made for long."""
    pdfs = DocumentFile.objects.filter(kind=DocumentKind.PDF).exclude(invoice=None)
    old = Invoice.objects.filter(issued_at__lt=now - LONGEST_WITHOUT_PDF)
    return list(old.exclude(pk__in=pdfs.values("invoice")).values_list("pk", flat=True))


def with_seals(files: models.QuerySet[Sealed]) -> models.QuerySet[Sealed]:
    """Rows without their bytes (`content`), each with the hash that PostgreSQL finds in them now, as `found`."""
    found = Func(
        Func(F("content"), function="sha256", output_field=models.BinaryField()),
        template="encode(%(expressions)s, 'hex')",
        output_field=models.CharField(),
    )
    return files.defer("content").annotate(found=found)


def _file(document: Invoice | Quote, kind: DocumentKind, content: bytes) -> DocumentFile:
    of = {"invoice": document} if isinstance(document, Invoice) else {"quote": document}
    return DocumentFile(**of, kind=kind, content=content, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def _content(file: DocumentFile | None, *, of: Invoice | Quote) -> bytes:
    if file is None:
        raise NotMadeYetError(f"Le fichier de {of} n’est pas encore prêt : il se fait en ce moment.")
    return sealed(file.content, file.sha256, of=str(of))
