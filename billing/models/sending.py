"""Deposits of invoices, the statuses that came back as they came, and what finance was reminded of. Only added to."""

from django.db import models
from django.db.models import Q

from billing.enums import Channel, ReminderKind
from billing.models.contracts import LONGEST_WORDS
from billing.models.documents import Invoice
from core.models import AppendOnly


class Transmission(AppendOnly):
    """An invoice handed to its buyer by a channel. Sent again after a rejection, it is another row."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="transmissions", verbose_name="facture")
    channel = models.CharField("canal", max_length=6, choices=Channel)
    sent_on = models.DateField("envoyée le")
    # What Chorus Pro answers to a deposit.
    flow_number = models.CharField("numéro de flux", max_length=50, blank=True)
    at = models.DateTimeField("noté le", auto_now_add=True)
    by = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "envoi"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="deposit_has_its_flow_number",
                condition=(Q(channel=Channel.MANUAL) & ~Q(flow_number="")) | Q(channel=Channel.EMAIL, flow_number=""),
                violation_error_message="Un dépôt sur Chorus Pro a un numéro de flux.",
            ),
            models.UniqueConstraint(
                name="flow_number_once",
                fields=["flow_number"],
                condition=~Q(flow_number=""),
                violation_error_message="Ce numéro de flux est déjà celui d’un autre envoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} ({self.invoice_id})"


class TransmissionStatus(AppendOnly):
    """What the channel said of it, in its own code: an unknown one is kept and shown. None of them means paid."""

    transmission = models.ForeignKey(Transmission, models.PROTECT, related_name="statuses", verbose_name="envoi")
    code = models.CharField("statut", max_length=50)
    said_on = models.DateField("daté du")
    words = models.CharField("motif", max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField("noté le", auto_now_add=True)
    by = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "statut d’un envoi"
        verbose_name_plural = "statuts d’un envoi"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="status_has_a_code",
                condition=Q(code__regex=r"^[0-9A-Z_]+$"),
                violation_error_message="Un statut s’écrit comme Chorus Pro le donne : MISE_A_DISPOSITION.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.transmission_id})"


class Reminder(AppendOnly):
    """What the buyer's people of finance were reminded of: once of each kind, and nobody else ever is."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="reminders", verbose_name="facture", db_index=False
    )
    kind = models.CharField("rappel", max_length=11, choices=ReminderKind)
    # Whom it was sent to: names, of people at work.
    told = models.CharField("envoyé à", max_length=500)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "rappel"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="reminded_once_of_each",
                fields=["invoice", "kind"],
                violation_error_message="Ce rappel a déjà été envoyé.",
            ),
            models.CheckConstraint(
                name="reminder_is_known",
                condition=Q(kind__in=ReminderKind.values) & ~Q(told=""),
                violation_error_message="Ce rappel n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.invoice_id})"
