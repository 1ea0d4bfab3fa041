"""What the platform itself sends: codes to its operators."""

from django.db import models


class Mail(models.Model):
    """An e-mail of the platform's own, until it is gone. The demo keeps it, to be read in the outbox."""

    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=150)
    body = models.TextField("texte")
    created_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "e-mail"

    def __str__(self) -> str:
        """Nothing of its words nor of its reader: this ends in logs."""
        return f"e-mail {self.pk}"
