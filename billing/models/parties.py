"""Who buys: legal particulars, what their invoices must bear, and who to write to."""

from django.db import models
from django.db.models import Q

from billing.enums import BuyerKind, BuyerRequirement
from billing.identifiers import LONGEST_SERVICE_CODE, service_code, validate_postal_code
from core.company_numbers import normalise_siret

LONGEST_NAME = 99  # BR-FR-CPRO-43 and 44


class Buyer(models.Model):
    """An establishment that is invoiced. A CCAS is another legal person than its commune, with a SIREN of its own."""

    kind = models.CharField("nature", max_length=12, choices=BuyerKind)
    name = models.CharField("nom", max_length=LONGEST_NAME)
    siret = models.CharField("SIRET", max_length=14, validators=[normalise_siret])
    street = models.CharField("adresse", max_length=200)
    postal_code = models.CharField("code postal", max_length=5, validators=[validate_postal_code])
    city = models.CharField("ville", max_length=100)
    requirement = models.CharField(
        "ce que ses factures doivent porter", max_length=24, choices=BuyerRequirement, default=BuyerRequirement.NONE
    )
    service_code = models.CharField(
        "code service", max_length=LONGEST_SERVICE_CODE, blank=True, validators=[service_code]
    )

    class Meta:
        verbose_name = "acheteur"
        constraints = [
            models.CheckConstraint(
                name="buyer_has_a_known_kind",
                condition=Q(kind__in=BuyerKind.values),
                violation_error_message="Cette nature d’acheteur n’existe pas.",
            ),
            models.CheckConstraint(
                name="buyer_has_a_known_requirement",
                condition=Q(requirement__in=BuyerRequirement.values),
                violation_error_message="Cette exigence n’existe pas.",
            ),
            models.CheckConstraint(
                name="buyer_siret_has_fourteen_digits",
                condition=Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
            models.CheckConstraint(
                name="buyer_postal_code_has_five_digits",
                condition=Q(postal_code__regex=r"^[0-9]{5}$"),
                violation_error_message="Un code postal a cinq chiffres.",
            ),
            models.CheckConstraint(
                name="buyer_is_complete",
                condition=~Q(name="") & ~Q(street="") & ~Q(city=""),
                violation_error_message="Un acheteur a un nom et une adresse : la loi les demande sur ses factures.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FinanceContact(models.Model):
    """Somebody of finance at a buyer's: the only ones who read a reminder. Never a senior, never a volunteer."""

    buyer = models.ForeignKey(Buyer, models.CASCADE, related_name="contacts", verbose_name="acheteur")
    name = models.CharField("nom", max_length=LONGEST_NAME)
    email = models.EmailField("adresse e-mail")

    class Meta:
        verbose_name = "contact des finances"
        constraints = [
            models.UniqueConstraint(
                name="finance_contact_once",
                fields=["buyer", "email"],
                violation_error_message="Ce contact est déjà noté.",
            ),
        ]

    def __str__(self) -> str:
        """Not the address: this ends in logs."""
        return f"contact {self.pk}"
