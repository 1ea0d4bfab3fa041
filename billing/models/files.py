"""The bytes of documents: stored once, served as they are stored."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from billing.enums import DocumentKind
from billing.models.documents import Invoice
from billing.models.quotes import Quote
from core.models import AppendOnly

SHA256 = r"^[0-9a-f]{64}$"


class DocumentFile(AppendOnly):
    """A form of an invoice or of a quote. In the database: the transaction, the backup and the wall of its own row."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="files", verbose_name="facture", db_index=False
    )
    quote = models.ForeignKey(
        Quote, models.PROTECT, null=True, blank=True, related_name="files", verbose_name="devis", db_index=False
    )
    kind = models.CharField("forme", max_length=3, choices=DocumentKind)
    content = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte", max_length=64)
    size = models.PositiveIntegerField("taille, en octets")
    made_at = models.DateTimeField("fait le", auto_now_add=True)

    class Meta:
        verbose_name = "fichier d’un document"
        verbose_name_plural = "fichiers de documents"
        constraints = [
            models.UniqueConstraint(
                name="invoice_has_one_file_of_a_kind",
                fields=["invoice", "kind"],
                violation_error_message="Cette facture a déjà ce fichier.",
            ),
            models.UniqueConstraint(
                name="quote_has_one_file_of_a_kind",
                fields=["quote", "kind"],
                violation_error_message="Ce devis a déjà ce fichier.",
            ),
            models.CheckConstraint(
                name="file_is_of_one_document",
                condition=Q(invoice__isnull=False, quote=None) | Q(invoice=None, quote__isnull=False),
                violation_error_message="Un fichier est celui d’une facture, ou d’un devis.",
            ),
            models.CheckConstraint(
                name="file_is_whole",
                condition=Q(kind__in=DocumentKind.values, sha256__regex=SHA256, size__gt=0, size=Length("content")),
                violation_error_message="Ce fichier n’est pas entier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def name(self) -> str:
        """« FA-2026-00001.pdf »: the number of its document, and nothing of anybody."""
        return f"{(self.invoice or self.quote).number}.{self.kind}"
