"""Contracts: what was agreed, its prices by date, the communes that it covers, the buyer's numbers by year."""

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from billing.enums import (
    Adjusting,
    ContractState,
    ContractStepKind,
    CountBasis,
    CountedOn,
    FloorScope,
    PriceBasis,
    YearStart,
)
from billing.identifiers import LONGEST_REFERENCE, engagement_number, market_reference
from billing.models.parties import Buyer
from billing.money import MOST_DECIMALS
from billing.pricing import MOST_EUROS, Rates
from core.models import AppendOnly
from geography.models import Commune
from tenants.models import Town

AGES = (60, 65, 75)
# The census's file of communes says nothing of those over 65 (geography.models.AgeCount).
AGES_OF_CENSUS = (60, 75)
LONGEST_WORDS = 1000


def _days(start: str, end: str) -> Func:
    """From a day to the eve of another; without an end, for ever."""
    return Func(start, end, function="daterange", output_field=models.Field())


def _itself(expression: str | Func) -> Func:
    """A range of one number: `&&` on ranges needs no extension, which a server may lack, where `=` does."""
    return Func(expression, expression, Value("[]"), function="int8range", output_field=models.Field())


def _as_number(field: str) -> Func:
    """A text as one of 2⁶⁴ numbers: no two INSEE codes have the same (tests/billing/test_contracts.py)."""
    return Func(Cast(field, models.TextField()), Value(0), function="hashtextextended", output_field=models.Field())


class Contract(models.Model):
    """What a town, or a group of them, agreed. **No field of price, count or VAT has a default**: all are its own.

    Outlives its town, whose erasing leaves ten years of books. Years and counts are those of billing.periods.
    """

    # None before it opens, and once it is erased.
    town = models.ForeignKey(
        Town, models.SET_NULL, null=True, blank=True, related_name="contracts", verbose_name="ville"
    )
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="contracts", verbose_name="acheteur")
    # The market or convention, on each invoice (BT-12); where there is one.
    reference = models.CharField(
        "référence du marché ou de la convention",
        max_length=LONGEST_REFERENCE,
        blank=True,
        validators=[market_reference],
    )
    state = models.CharField("état", max_length=8, choices=ContractState, default=ContractState.SIGNED)
    signed_on = models.DateField("signé le")
    begins_on = models.DateField("commence le")
    # The day after the last one; none for what is renewed until somebody ends it.
    ends_on = models.DateField("se termine le", null=True, blank=True)
    year_start = models.CharField("début des périodes", max_length=11, choices=YearStart)
    count_basis = models.CharField("qui est compté", max_length=10, choices=CountBasis)
    age = models.PositiveSmallIntegerField("à partir de quel âge", choices=[(age, f"{age} ans") for age in AGES])
    counted_on = models.CharField("jour du comptage", max_length=14, choices=CountedOn)
    price_basis = models.CharField("le prix est", max_length=5, choices=PriceBasis)
    floor_scope = models.CharField("qui doit le minimum", max_length=8, choices=FloorScope)
    prorates_floor = models.BooleanField("minimum au prorata des jours")
    adjusting = models.CharField("une différence est facturée", max_length=10, choices=Adjusting)
    least_adjustment = models.DecimalField(
        "différence la plus petite à facturer, en euros", max_digits=8, decimal_places=2
    )

    class Meta:
        verbose_name = "contrat"
        constraints = [
            ExclusionConstraint(
                name="town_has_one_contract_a_day",
                expressions=[(_itself("town"), "&&"), (_days("begins_on", "ends_on"), "&&")],
                condition=Q(town__isnull=False),
                violation_error_message="Cette ville a déjà un contrat pour une partie de ces jours.",
            ),
            models.CheckConstraint(
                name="contract_says_what_is_known",
                condition=Q(state__in=ContractState.values)
                & Q(year_start__in=YearStart.values)
                & Q(count_basis__in=CountBasis.values)
                & Q(counted_on__in=CountedOn.values)
                & Q(price_basis__in=PriceBasis.values)
                & Q(floor_scope__in=FloorScope.values)
                & Q(adjusting__in=Adjusting.values)
                & Q(age__in=AGES),
                violation_error_message="Un de ces choix n’existe pas.",
            ),
            models.CheckConstraint(
                name="contract_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("begins_on")),
                violation_error_message="Un contrat se termine après avoir commencé.",
            ),
            models.CheckConstraint(
                name="contract_counts_an_age_of_the_census",
                condition=~Q(count_basis=CountBasis.CENSUS) | Q(age__in=AGES_OF_CENSUS),
                violation_error_message="Le fichier de l’INSEE donne les 60 ans et plus, ou les 75 ans et plus.",
            ),
            models.CheckConstraint(
                name="contract_least_adjustment_is_positive",
                condition=Q(least_adjustment__gte=0),
                violation_error_message="La plus petite différence à facturer n’est pas négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"contrat {self.pk}"


class PricePeriod(models.Model):
    """A price and a yearly minimum from a day to the eve of another; a contract has one price a day."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="prices", verbose_name="contrat")
    unit = models.DecimalField("prix d’un senior pour un an, en euros", max_digits=12, decimal_places=MOST_DECIMALS)
    floor = models.DecimalField("minimum annuel, en euros", max_digits=10, decimal_places=2)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’à la veille du", null=True, blank=True)

    class Meta:
        verbose_name = "prix"
        verbose_name_plural = "prix"
        ordering = ["starts_on"]
        constraints = [
            ExclusionConstraint(
                name="price_periods_never_overlap",
                expressions=[(_itself("contract"), "&&"), (_days("starts_on", "ends_on"), "&&")],
                violation_error_message="Ce contrat a déjà un prix pour une partie de ces jours.",
            ),
            models.CheckConstraint(
                name="price_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                violation_error_message="Un prix se termine après avoir commencé.",
            ),
            models.CheckConstraint(
                name="price_is_one",
                condition=Q(unit__range=(0, MOST_EUROS), floor__range=(0, MOST_EUROS)),
                violation_error_message="Un prix est positif, et de dix millions d’euros au plus.",
            ),
        ]

    def __str__(self) -> str:
        return f"prix {self.pk}"

    @property
    def rates(self) -> Rates:
        """As the computation takes them."""
        return Rates(self.unit, self.floor)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Vocabulary of communes covered."""

    def covering(self, day: datetime.date) -> "MembershipQuerySet":
        """Those of a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class Membership(models.Model):
    """A commune that a contract covers, from a day to the eve of another; a commune is in it once a day."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="memberships", verbose_name="contrat")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’à la veille du", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "commune couverte"
        verbose_name_plural = "communes couvertes"
        ordering = ["commune_id", "starts_on"]
        constraints = [
            ExclusionConstraint(
                name="commune_is_covered_once",
                expressions=[
                    (_itself("contract"), "&&"),
                    (_itself(_as_number("commune")), "&&"),
                    (_days("starts_on", "ends_on"), "&&"),
                ],
                violation_error_message="Ce contrat couvre déjà cette commune pour une partie de ces jours.",
            ),
            models.CheckConstraint(
                name="commune_leaves_after_it_joins",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                violation_error_message="Une commune quitte un contrat après y être entrée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} ({self.contract_id})"


class Engagement(AppendOnly):
    """The number of a buyer's commitment of spending for a year of its contract (BT-13); the last one given counts."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="engagements", verbose_name="contrat")
    year_starts_on = models.DateField("période qui commence le")
    number = models.CharField("numéro d’engagement", max_length=LONGEST_REFERENCE, validators=[engagement_number])
    given_at = models.DateTimeField("donné le", auto_now_add=True)
    given_by = models.CharField("donné par", max_length=200)

    class Meta:
        verbose_name = "numéro d’engagement"
        verbose_name_plural = "numéros d’engagement"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="engagement_has_a_number",
                condition=~Q(number=""),
                violation_error_message="Donnez le numéro d’engagement.",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ContractStep(AppendOnly):
    """What happened to a contract, in words that both sides read; the last of a state says who, why and when."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="steps", verbose_name="contrat")
    kind = models.CharField("étape", max_length=7, choices=ContractStepKind)
    # Of a change of state: the new one.
    state = models.CharField("état", max_length=8, choices=ContractState, blank=True)
    words = models.CharField("texte", max_length=LONGEST_WORDS)
    # Of an end that is announced: its day, the second operator who agreed, who answers for it at the town.
    effective_on = models.DateField("à compter du", null=True, blank=True)
    agreed_by = models.CharField("avec l’accord de", max_length=200, blank=True)
    referent = models.CharField("référent à la ville", max_length=200, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.CharField("par", max_length=200)

    class Meta:
        verbose_name = "étape d’un contrat"
        verbose_name_plural = "étapes d’un contrat"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="contract_step_says_what_and_who",
                condition=Q(kind__in=ContractStepKind.values) & ~Q(words="") & ~Q(by=""),
                violation_error_message="Une étape dit ce qui se passe, et par qui.",
            ),
            models.CheckConstraint(
                name="contract_step_of_a_state_names_it",
                condition=Q(kind=ContractStepKind.STATE, state__in=ContractState.values)
                | (~Q(kind=ContractStepKind.STATE) & Q(state="")),
                violation_error_message="Un changement d’état nomme le nouvel état.",
            ),
            models.CheckConstraint(
                name="an_end_is_announced_by_two_to_somebody",
                condition=~Q(state=ContractState.ENDING)
                | (Q(effective_on__isnull=False) & ~Q(agreed_by="") & ~Q(agreed_by=F("by")) & ~Q(referent="")),
                violation_error_message="Une fin est décidée à deux, pour un jour dit, avec un référent à la ville.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.contract_id})"
