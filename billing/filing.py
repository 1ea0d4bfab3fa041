"""The bytes of documents: made once, sealed, served as they are stored. What was issued is never laid out again."""

import hashlib

from django.db import IntegrityError, models, transaction
from django.db.models import F, Func

from billing.documents.checks import checked_pdf
from billing.documents.paper import paper_of
from billing.enums import DocumentKind
from billing.models import DocumentFile, Invoice, Quote


class NotMadeYetError(LookupError):
    """The file of a document is not stored yet; the message says so in French."""


class DamagedError(RuntimeError):
    """Stored bytes are not those that were sealed; the message says of what, in French."""


def keep(document: Invoice | Quote, kind: DocumentKind, content: bytes) -> DocumentFile:
    """Store a form of a document, once. Raises IntegrityError where it is stored already."""
    of = {"invoice": document} if isinstance(document, Invoice) else {"quote": document}
    return DocumentFile.objects.create(
        **of, kind=kind, content=content, sha256=hashlib.sha256(content).hexdigest(), size=len(content)
    )


def stored(document: Invoice | Quote, kind: DocumentKind) -> bytes:
    """The bytes of a form of a document, as they were stored. Raises NotMadeYetError, DamagedError."""
    file = document.files.filter(kind=kind).first()
    if file is None:
        raise NotMadeYetError(f"Le fichier de {document} n’est pas encore prêt : il se fait en ce moment.")
    content = bytes(file.content)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedError(f"Le fichier de {document} a changé depuis qu’il a été fait.")
    return content


def make_pdf(document: Invoice | Quote) -> None:
    """Make the PDF of what is issued, from its frozen payload, and store it; nothing where it is stored already.

    Of an invoice, its stored XML is within. Raises RefusedError, NotMadeYetError.
    """
    if document.files.filter(kind=DocumentKind.PDF).exists():
        return
    if isinstance(document, Invoice):
        content = checked_pdf(document.payload, stored(document, DocumentKind.XML))
    else:
        content = paper_of(document.payload or {})
    try:
        with transaction.atomic():
            keep(document, DocumentKind.PDF, content)
    except IntegrityError:
        # Two workers at once: the first one's is the document.
        if not document.files.filter(kind=DocumentKind.PDF).exists():
            raise


def with_seals(files: models.QuerySet[DocumentFile]) -> models.QuerySet[DocumentFile]:
    """Files without their bytes, each with the hash that PostgreSQL finds in them now, as `found`."""
    found = Func(
        Func(F("content"), function="sha256", output_field=models.BinaryField()),
        template="encode(%(expressions)s, 'hex')",
        output_field=models.CharField(),
    )
    return files.defer("content").annotate(found=found)
