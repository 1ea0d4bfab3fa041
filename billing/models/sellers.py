"""Who sells: the legal particulars that each document copies, and its VAT from day to day."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError as WrongNumberError

from billing.enums import VatRegime
from billing.errors import BooksError
from billing.identifiers import validate_postal_code
from billing.models.parties import LONGEST_NAME
from core.company_numbers import normalise_siret
from core.french import day_words
from core.models import AppendOnly


class NoRegimeError(BooksError):
    """A seller whose VAT is not known on a day."""


def validate_iban(typed: str) -> None:
    """Refuse what is no IBAN: its key is checked, and public buyers take 27 signs (BR-FR-CPRO-39)."""
    try:
        number = iban_numbers.validate(typed)
    except WrongNumberError:
        raise ValidationError("Cet IBAN n’existe pas : relisez ses signes.", "iban") from None
    if number != typed:
        raise ValidationError("Un IBAN est gardé sans espaces, en majuscules.", "iban")


class Seller(models.Model):
    """The operator, as its invoices name it. Documents copy what they say: a change touches none that was issued."""

    name = models.CharField("nom", max_length=LONGEST_NAME)
    legal_form = models.CharField("forme et capital", max_length=120)
    siret = models.CharField("SIRET", max_length=14, validators=[normalise_siret])
    register = models.CharField("immatriculation", max_length=100)
    # None for who is in franchise: its SIREN then stands for it (EN 16931, BR-E-02).
    vat_number = models.CharField("numéro de TVA", max_length=14, blank=True)
    street = models.CharField("adresse", max_length=200)
    postal_code = models.CharField("code postal", max_length=5, validators=[validate_postal_code])
    city = models.CharField("ville", max_length=100)
    email = models.EmailField("adresse e-mail")
    telephone = models.CharField("téléphone", max_length=20)
    iban = models.CharField("IBAN", max_length=27, validators=[validate_iban])

    class Meta:
        verbose_name = "vendeur"
        constraints = [
            models.CheckConstraint(
                name="seller_is_complete",
                condition=~Q(name="") & ~Q(legal_form="") & ~Q(register="") & ~Q(street="") & ~Q(city="") & ~Q(iban=""),
                violation_error_message="La loi demande tout cela sur une facture.",
            ),
            models.CheckConstraint(
                name="seller_siret_has_fourteen_digits",
                condition=Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
            models.CheckConstraint(
                name="seller_postal_code_has_five_digits",
                condition=Q(postal_code__regex=r"^[0-9]{5}$"),
                violation_error_message="Un code postal a cinq chiffres.",
            ),
            models.CheckConstraint(
                name="seller_vat_number_is_french",
                condition=Q(vat_number="") | Q(vat_number__regex=r"^FR[0-9A-Z]{2}[0-9]{9}$"),
                violation_error_message="Un numéro de TVA français commence par FR et compte treize signes.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def regime_on(self, day: datetime.date) -> "SellerRegime":
        """Its VAT on a day: crossing a threshold takes effect on that very day. Raises NoRegimeError."""
        regime = self.regimes.filter(starts_on__lte=day).last()
        if regime is None:
            raise NoRegimeError(f"{self.name} n’a pas de régime de TVA le {day_words(day)} : notez-le d’abord.")
        return regime


class SellerRegime(AppendOnly):
    """The VAT of a seller from a day on, until the next row."""

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="regimes", verbose_name="vendeur")
    starts_on = models.DateField("à partir du")
    regime = models.CharField("régime", max_length=9, choices=VatRegime)
    on_debits = models.BooleanField("option pour les débits")

    class Meta:
        verbose_name = "régime de TVA"
        verbose_name_plural = "régimes de TVA"
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="seller_has_one_regime_a_day",
                fields=["seller", "starts_on"],
                violation_error_message="Un régime commence déjà ce jour-là.",
            ),
            models.CheckConstraint(
                name="regime_is_known",
                condition=Q(regime__in=VatRegime.values) & (Q(on_debits=False) | Q(regime=VatRegime.TAXED)),
                violation_error_message="Seul un vendeur assujetti à la TVA opte pour les débits.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regime} ({self.starts_on})"
