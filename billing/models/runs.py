"""Yearly runs: who asked for one, and what it made of each contract."""

from django.db import models
from django.db.models import Q

from billing.enums import RunOutcome
from billing.models.contracts import LONGEST_WORDS, Contract
from billing.models.documents import Invoice
from core.models import AppendOnly


class Run(models.Model):
    """The invoices of every period that starts in a year. One that was interrupted goes on where it stopped."""

    year = models.PositiveSmallIntegerField("année")
    begun_at = models.DateTimeField("commencé le", auto_now_add=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    by = models.CharField("demandé par", max_length=200)

    class Meta:
        verbose_name = "passage annuel"
        verbose_name_plural = "passages annuels"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_run_of_a_year_at_a_time",
                fields=["year"],
                condition=Q(ended_at=None),
                violation_error_message="Un passage de cette année est déjà en cours.",
            ),
        ]

    def __str__(self) -> str:
        return f"passage {self.pk} ({self.year})"


class RunItem(AppendOnly):
    """What a run made of a contract's year, written in the transaction that made it."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="items", verbose_name="passage", db_index=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="run_items", verbose_name="contrat")
    year_starts_on = models.DateField("période qui commence le")
    outcome = models.CharField("suite", max_length=7, choices=RunOutcome)
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="run_items", verbose_name="facture"
    )
    words = models.CharField("pourquoi", max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "contrat d’un passage"
        verbose_name_plural = "contrats d’un passage"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="run_handles_a_contract_once",
                fields=["run", "contract", "year_starts_on"],
                violation_error_message="Ce contrat est déjà traité par ce passage.",
            ),
            models.CheckConstraint(
                name="run_item_has_an_invoice_or_says_why",
                condition=Q(outcome=RunOutcome.ISSUED, invoice__isnull=False)
                | (Q(outcome=RunOutcome.REFUSED, invoice=None) & ~Q(words="")),
                violation_error_message="Une suite est une facture, ou dit pourquoi il n’y en a pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} ({self.contract_id})"
