"""Money of the bank, and which invoices it pays. Only added to: a mistake is undone by a contrary row."""

from django.db import models
from django.db.models import Q

from billing.enums import PaymentSource
from billing.models.contracts import LONGEST_WORDS
from billing.models.documents import Invoice
from billing.models.parties import Buyer
from core.models import AppendOnly


class Payment(AppendOnly):
    """A line of the bank's statement: received from a buyer, or, below zero, given back to it."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="payments", verbose_name="acheteur")
    received_on = models.DateField("date de la banque")
    amount = models.DecimalField("montant, en euros", max_digits=14, decimal_places=2)
    bank_reference = models.CharField("référence de la banque", max_length=140)
    source = models.CharField("connu par", max_length=5, choices=PaymentSource)
    # Typed by mistake: the row that it takes back, whose amount it has with the other sign.
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name="annule"
    )
    words = models.CharField("remarque", max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField("noté le", auto_now_add=True)
    by = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "paiement"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="payment_is_of_something",
                condition=~Q(amount=0) & ~Q(bank_reference="") & Q(source__in=PaymentSource.values),
                violation_error_message="Un paiement a un montant, et une référence de la banque.",
            ),
            models.CheckConstraint(
                name="payment_undone_says_why",
                condition=Q(undoes=None) | ~Q(words=""),
                violation_error_message="Dites pourquoi ce paiement est annulé.",
            ),
            # The same line of the statement typed twice is a mistake far more often than two alike.
            models.UniqueConstraint(
                name="payment_typed_once",
                fields=["buyer", "received_on", "amount", "bank_reference"],
                condition=Q(undoes=None),
                violation_error_message="Ce paiement est déjà noté : même acheteur, jour, montant et référence.",
            ),
        ]

    def __str__(self) -> str:
        return f"paiement {self.pk}"


class Allocation(AppendOnly):
    """The part of a payment that pays an invoice. Triggers refuse more than the payment, or than the invoice."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations", verbose_name="paiement")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations", verbose_name="facture")
    amount = models.DecimalField("montant, en euros", max_digits=14, decimal_places=2)
    # The payment's own day: a town reads what pays its invoices, not the whole of what its group transferred.
    paid_on = models.DateField("date de la banque")
    at = models.DateTimeField("noté le", auto_now_add=True)
    by = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "affectation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="allocation_is_of_something",
                condition=~Q(amount=0),
                violation_error_message="Affectez un montant.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} → {self.invoice_id}"


class CentralRate(AppendOnly):
    """The main refinancing rate of the European Central Bank from a day on: typed, with where it was read."""

    starts_on = models.DateField("à partir du", unique=True)
    percent = models.DecimalField("taux, en pour cent", max_digits=6, decimal_places=3)
    source = models.CharField("lu où", max_length=200)
    at = models.DateTimeField("noté le", auto_now_add=True)
    by = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "taux de la Banque centrale européenne"
        verbose_name_plural = "taux de la Banque centrale européenne"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="rate_is_possible",
                condition=Q(percent__range=(-10, 100)) & ~Q(source=""),
                violation_error_message="Donnez un taux en pour cent, et où vous l’avez lu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % ({self.starts_on})"
