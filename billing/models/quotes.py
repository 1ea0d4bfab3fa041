"""Quotes: prepared, then sent under a number and frozen, then accepted by a signature or an order, or refused."""

from django.db import models
from django.db.models import Q

from billing.enums import AcceptanceProof, QuoteState
from billing.identifiers import LONGEST_REFERENCE, engagement_number
from billing.models.contracts import LONGEST_WORDS, Contract
from billing.models.parties import LONGEST_NAME, Buyer
from billing.models.sellers import Seller
from core.models import AppendOnly
from tenants.models import Town


class Quote(models.Model):
    """What is offered to a buyer, for a first year. Once it is sent, all that it says is in its payload and stays.

    `terms` is what its contract will say: the fields of billing.models.Contract, the price, and the seniors of each
    commune with where their number comes from. Triggers refuse any other change than those of QUOTE_CHANGES.
    """

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="quotes", verbose_name="vendeur", db_index=False)
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="quotes", verbose_name="acheteur")
    # Of a town that is open already.
    town = models.ForeignKey(Town, models.SET_NULL, null=True, blank=True, related_name="quotes", verbose_name="ville")
    state = models.CharField("état", max_length=8, choices=QuoteState, default=QuoteState.PREPARED)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    rank = models.PositiveIntegerField("rang", null=True, blank=True)
    number = models.CharField("numéro", max_length=13, blank=True)
    issued_on = models.DateField("daté du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    terms = models.JSONField("conditions")
    lines = models.JSONField("lignes")
    payload = models.JSONField("contenu", null=True, blank=True)
    # Signed when it is accepted.
    contract = models.OneToOneField(
        Contract, models.PROTECT, null=True, blank=True, related_name="quote", verbose_name="contrat"
    )
    prepared_at = models.DateTimeField("préparé le", auto_now_add=True)
    prepared_by = models.CharField("préparé par", max_length=200)

    class Meta:
        verbose_name = "devis"
        verbose_name_plural = "devis"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="quote_number_once",
                fields=["seller", "year", "rank"],
                violation_error_message="Ce numéro est déjà pris.",
            ),
            models.CheckConstraint(
                name="quote_is_numbered_when_it_is_sent",
                condition=Q(
                    state=QuoteState.PREPARED, number="", year=None, rank=None, issued_on=None, payload__isnull=True
                )
                | Q(
                    ~Q(state=QuoteState.PREPARED),
                    state__in=QuoteState.values,
                    number__regex=r"^DE-[0-9]{4}-[0-9]{5}$",
                    year__isnull=False,
                    rank__gt=0,
                    issued_on__isnull=False,
                    valid_until__isnull=False,
                    payload__isnull=False,
                ),
                violation_error_message="Un devis reçoit son numéro quand il est envoyé.",
            ),
            models.CheckConstraint(
                name="quote_that_is_accepted_is_a_contract",
                condition=Q(state=QuoteState.ACCEPTED, contract__isnull=False)
                | (~Q(state=QuoteState.ACCEPTED) & Q(contract=None)),
                violation_error_message="Un devis accepté devient un contrat.",
            ),
            models.CheckConstraint(
                name="quote_is_valid_after_its_day",
                condition=Q(issued_on=None) | Q(valid_until__gte=models.F("issued_on")),
                violation_error_message="Un devis est valable le jour où il est envoyé, au moins.",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"devis {self.pk}"


class QuoteStep(AppendOnly):
    """What became of a quote, and by whom."""

    quote = models.ForeignKey(Quote, models.PROTECT, related_name="steps", verbose_name="devis")
    state = models.CharField("état", max_length=8, choices=QuoteState)
    words = models.CharField("texte", max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.CharField("par", max_length=200)

    class Meta:
        verbose_name = "étape d’un devis"
        verbose_name_plural = "étapes d’un devis"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="quote_step_says_what_and_who",
                condition=Q(state__in=QuoteState.values) & ~Q(by="") & (~Q(state=QuoteState.REFUSED) | ~Q(words="")),
                violation_error_message="Une étape dit qui l’a faite ; un refus dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} ({self.quote_id})"


class QuoteAcceptance(AppendOnly):
    """By whom a quote was accepted, and the paper that says so: the signed PDF, or the buyer's order."""

    quote = models.OneToOneField(Quote, models.PROTECT, related_name="acceptance", verbose_name="devis")
    proof = models.CharField("par", max_length=6, choices=AcceptanceProof)
    accepted_on = models.DateField("accepté le")
    name = models.CharField("nom du signataire", max_length=LONGEST_NAME)
    function = models.CharField("fonction", max_length=LONGEST_NAME)
    # Of an order.
    order_number = models.CharField(
        "numéro du bon de commande", max_length=LONGEST_REFERENCE, blank=True, validators=[engagement_number]
    )
    file_name = models.CharField("nom du fichier", max_length=100, blank=True)
    content = models.BinaryField("fichier", null=True, blank=True)
    sha256 = models.CharField("empreinte du fichier", max_length=64, blank=True)
    kept_at = models.DateTimeField("noté le", auto_now_add=True)
    kept_by = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "acceptation d’un devis"
        verbose_name_plural = "acceptations de devis"
        constraints = [
            models.CheckConstraint(
                name="acceptance_has_its_proof",
                condition=Q(proof=AcceptanceProof.SIGNED, order_number="", content__isnull=False)
                | (Q(proof=AcceptanceProof.ORDER) & ~Q(order_number="")),
                violation_error_message="Un devis est accepté par un PDF signé, ou par un bon de commande numéroté.",
            ),
            models.CheckConstraint(
                name="acceptance_says_who",
                condition=~Q(name="") & ~Q(function="") & ~Q(kept_by=""),
                violation_error_message="Donnez le nom et la fonction de qui a signé.",
            ),
            models.CheckConstraint(
                name="acceptance_file_is_named_and_sealed",
                condition=Q(content__isnull=True, file_name="", sha256="")
                | (Q(content__isnull=False, sha256__regex=r"^[0-9a-f]{64}$") & ~Q(file_name="")),
                violation_error_message="Ce fichier n’est pas entier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proof} ({self.quote_id})"
