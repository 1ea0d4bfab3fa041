"""Drafts, which change; and what was issued: numbered without a hole, frozen, chained. Two tables, and no state.

A row of `Invoice` is inserted already numbered, with all that it says copied in its payload. Paid, late, in dispute are
computed from other rows, never written here.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from billing.enums import CreditReason, DraftKind, LineKind
from billing.enums import Series as SeriesOf
from billing.identifiers import HIGHEST_RANK
from billing.models.contracts import Contract
from billing.models.counts import CountSnapshot
from billing.models.sellers import Seller
from billing.money import MOST_DECIMALS
from core.models import AppendOnly

_HASH = r"^[0-9a-f]{64}$"
_MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Draft(models.Model):
    """What will be issued to a contract for some days. Prepared again, it is the same row: nothing is billed twice.

    `rank` tells apart the adjustments, or the credits, of one period. Once its invoice is issued, it changes no more.
    """

    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="drafts", verbose_name="contrat", db_index=False
    )
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="drafts", verbose_name="vendeur")
    kind = models.CharField("nature", max_length=10, choices=DraftKind)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’à la veille du")
    rank = models.PositiveSmallIntegerField("rang", default=1)
    # Of each line: what billing.models.InvoiceLine keeps, amounts as text.
    lines = models.JSONField("lignes")
    # Of a credit: the invoice, and why.
    source = models.ForeignKey(
        "Invoice", models.PROTECT, null=True, blank=True, related_name="credit_drafts", verbose_name="facture d’origine"
    )
    reason = models.CharField("motif", max_length=8, choices=CreditReason, blank=True)
    prepared_at = models.DateTimeField("préparée le", auto_now=True)
    prepared_by = models.CharField("préparée par", max_length=200)

    class Meta:
        verbose_name = "brouillon"
        constraints = [
            models.UniqueConstraint(
                name="draft_once",
                fields=["contract", "starts_on", "kind", "rank"],
                violation_error_message="Cette période a déjà ce brouillon.",
            ),
            models.CheckConstraint(
                name="draft_is_of_some_days",
                condition=Q(ends_on__gt=F("starts_on"), kind__in=DraftKind.values),
                violation_error_message="Un brouillon est d’une nature connue, pour quelques jours.",
            ),
            models.CheckConstraint(
                name="draft_of_a_credit_names_its_invoice",
                condition=Q(kind=DraftKind.CREDIT, source__isnull=False, reason__in=CreditReason.values)
                | (~Q(kind=DraftKind.CREDIT) & Q(source=None, reason="")),
                violation_error_message="Un avoir nomme une facture, et pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Series(models.Model):
    """Where the numbers of a seller stand in a year: one row, locked by who issues, from number to commit."""

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="series", verbose_name="vendeur", db_index=False)
    series = models.CharField("série", max_length=2, choices=SeriesOf)
    year = models.PositiveSmallIntegerField("année")
    last_rank = models.PositiveIntegerField("dernier rang", default=0)
    last_hash = models.CharField("dernière empreinte", max_length=64, blank=True)
    last_issued_on = models.DateField("dernière date", null=True, blank=True)

    class Meta:
        verbose_name = "série"
        constraints = [
            models.UniqueConstraint(
                name="series_once",
                fields=["seller", "series", "year"],
                violation_error_message="Cette série existe déjà.",
            ),
            models.CheckConstraint(
                name="series_is_known",
                condition=Q(series__in=SeriesOf.values, last_rank__lte=HIGHEST_RANK),
                violation_error_message="Cette série n’existe pas, ou est pleine.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"


class Invoice(AppendOnly):
    """An invoice, or a credit note of exactly one: issued, so never changed, for ten years."""

    draft = models.OneToOneField(Draft, models.PROTECT, related_name="invoice", verbose_name="brouillon")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="invoices", verbose_name="contrat")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="invoices", verbose_name="vendeur", db_index=False)
    series = models.CharField("série", max_length=2, choices=SeriesOf)
    year = models.PositiveSmallIntegerField("année")
    rank = models.PositiveIntegerField("rang")
    number = models.CharField("numéro", max_length=13)
    source = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="credit_notes", verbose_name="facture d’origine"
    )
    issued_on = models.DateField("datée du")
    net = models.DecimalField("hors taxes", **_MONEY)
    vat = models.DecimalField("TVA", **_MONEY)
    payable = models.DecimalField("à payer", **_MONEY)
    # All that the document says, parties copied; amounts as text. What its hash covers.
    payload = models.JSONField("contenu")
    previous_hash = models.CharField("empreinte précédente", max_length=64, blank=True)
    hash = models.CharField("empreinte", max_length=64)
    issued_at = models.DateTimeField("émise le", auto_now_add=True)
    issued_by = models.CharField("émise par", max_length=200)

    class Meta:
        verbose_name = "facture"
        ordering = ["seller", "series", "year", "rank"]
        constraints = [
            models.UniqueConstraint(
                name="invoice_number_once",
                fields=["seller", "series", "year", "rank"],
                violation_error_message="Ce numéro est déjà pris.",
            ),
            models.CheckConstraint(
                name="invoice_number_is_written_as_its_rank",
                condition=Q(number__regex=r"^(FA|AV)-[0-9]{4}-[0-9]{5}$", series__in=SeriesOf.values, rank__gt=0),
                violation_error_message="Un numéro s’écrit FA-2026-00001.",
            ),
            models.CheckConstraint(
                name="credit_note_names_its_invoice",
                condition=Q(series=SeriesOf.CREDIT_NOTE, source__isnull=False)
                | Q(series=SeriesOf.INVOICE, source=None),
                violation_error_message="Un avoir est celui d’une facture, et d’une seule.",
            ),
            models.CheckConstraint(
                name="invoice_amounts_are_positive",
                condition=Q(net__gte=0, vat__gte=0, payable__gte=0),
                violation_error_message="Les montants d’une facture ou d’un avoir sont positifs.",
            ),
            models.CheckConstraint(
                name="invoice_is_chained",
                condition=Q(hash__regex=_HASH)
                & (Q(rank=1, previous_hash="") | Q(rank__gt=1, previous_hash__regex=_HASH)),
                violation_error_message="Chaque facture porte l’empreinte de la précédente.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        """Whether it gives back."""
        return self.series == SeriesOf.CREDIT_NOTE


class InvoiceLine(AppendOnly):
    """A line of an invoice, with the count that it comes from: what it says is in the payload too."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", verbose_name="facture", db_index=False)
    position = models.PositiveSmallIntegerField("rang")
    kind = models.CharField("nature", max_length=8, choices=LineKind)
    words = models.CharField("désignation", max_length=1024)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’à la veille du")
    count = models.PositiveIntegerField("quantité")
    unit = models.DecimalField("prix unitaire", max_digits=14, decimal_places=MOST_DECIMALS)
    net = models.DecimalField("hors taxes", **_MONEY)

    class Meta:
        verbose_name = "ligne de facture"
        verbose_name_plural = "lignes de factures"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="invoice_line_once",
                fields=["invoice", "position"],
                violation_error_message="Cette facture a déjà cette ligne.",
            ),
            models.CheckConstraint(
                name="invoice_line_is_known",
                condition=Q(kind__in=LineKind.values, net__gte=0),
                violation_error_message="Cette ligne n’est pas possible.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}, {self.position}"


class LineEvidence(AppendOnly):
    """A count that a line was reckoned from: an invoice is explained from what was counted, in ten years too."""

    line = models.ForeignKey(
        InvoiceLine, models.PROTECT, related_name="evidence", verbose_name="ligne de facture", db_index=False
    )
    snapshot = models.ForeignKey(CountSnapshot, models.PROTECT, related_name="evidence_of", verbose_name="comptage")

    class Meta:
        verbose_name = "comptage d’une ligne"
        verbose_name_plural = "comptages d’une ligne"
        constraints = [
            models.UniqueConstraint(
                name="line_evidence_once",
                fields=["line", "snapshot"],
                violation_error_message="Ce comptage est déjà celui de cette ligne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}, {self.snapshot_id}"
