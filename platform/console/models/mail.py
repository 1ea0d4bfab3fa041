"""What the platform itself sends: codes to its operators, invoices to people of finance."""

from django.core.mail import EmailMessage
from django.db import models

from billing.enums import DocumentKind
from billing.filing import CONTENT_TYPES, sealed
from billing.models import DocumentFile


class Mail(models.Model):
    """An e-mail of the platform's own, until it is gone. The demo keeps it, to be read in the outbox."""

    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=150)
    body = models.TextField("texte")
    # An invoice goes with its PDF, as it is stored.
    document = models.ForeignKey(
        DocumentFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pièce jointe"
    )
    created_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "e-mail"

    def __str__(self) -> str:
        """Nothing of its words nor of its reader: this ends in logs."""
        return f"e-mail {self.pk}"

    def message(self) -> EmailMessage:
        """As it leaves, with its document. Raises billing.filing.DamagedError for bytes that are not those sealed."""
        message = EmailMessage(self.subject, self.body, None, [self.recipient])
        if self.document is not None:
            content = sealed(self.document.content, self.document.sha256, of=self.document.name)
            message.attach(self.document.name, content, CONTENT_TYPES[DocumentKind(self.document.kind)])
        return message
