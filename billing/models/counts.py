"""Counts of seniors: what was counted, from what, by whom; never changed, so that an invoice is explained in ten years.

Numbers only: no name ever leaves a town.
"""

from django.db import models
from django.db.models import Q

from billing.enums import CountBasis, ReviewStep
from billing.models.contracts import AGES, LONGEST_WORDS, Contract
from billing.pricing import MOST_SENIORS
from core.models import AppendOnly
from geography.models import Commune


class CountSnapshot(AppendOnly):
    """The seniors of a contract's communes on one day, and the evidence. A correction is another, that names this one.

    Of the census: the file, its vintage and hash. Of those registered: the version of the question that was asked of
    the town, and a hash of the sorted keyed numbers of who was counted.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="counts", verbose_name="contrat")
    as_of = models.DateField("compté au")
    basis = models.CharField("qui est compté", max_length=10, choices=CountBasis)
    age = models.PositiveSmallIntegerField("à partir de quel âge")
    total = models.PositiveIntegerField("seniors")
    source = models.CharField("source", max_length=200)
    vintage = models.PositiveSmallIntegerField("millésime", null=True, blank=True)
    sha256 = models.CharField("empreinte de la source", max_length=64)
    is_example = models.BooleanField("chiffres d’exemple")
    note = models.CharField("remarque", max_length=LONGEST_WORDS, blank=True)
    counted_at = models.DateTimeField("compté le", auto_now_add=True)
    counted_by = models.CharField("compté par", max_length=200)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="remplace"
    )

    class Meta:
        verbose_name = "comptage"
        ordering = ["as_of", "pk"]
        constraints = [
            models.CheckConstraint(
                name="count_says_who_and_what",
                condition=Q(basis__in=CountBasis.values, age__in=AGES) & ~Q(source="") & ~Q(counted_by=""),
                violation_error_message="Un comptage dit qui est compté, d’après quoi, et par qui.",
            ),
            models.CheckConstraint(
                name="count_is_possible",
                condition=Q(total__lte=MOST_SENIORS),
                violation_error_message="Aucun contrat ne compte autant de seniors.",
            ),
            models.CheckConstraint(
                name="count_has_its_evidence",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
                & (~Q(basis=CountBasis.CENSUS) | Q(vintage__isnull=False, vintage__gt=0)),
                violation_error_message="Un comptage garde l’empreinte de sa source, et le millésime d’un recensement.",
            ),
        ]

    def __str__(self) -> str:
        return f"comptage {self.pk}"


class CountLine(AppendOnly):
    """The seniors of one commune in a count; `read`, the decimals of the source: they are added before the rounding."""

    snapshot = models.ForeignKey(CountSnapshot, models.PROTECT, related_name="lines", verbose_name="comptage")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune", db_index=False)
    read = models.DecimalField("valeur lue", max_digits=24, decimal_places=16)
    count = models.PositiveIntegerField("seniors")

    class Meta:
        verbose_name = "comptage d’une commune"
        verbose_name_plural = "comptages de communes"
        ordering = ["commune_id"]
        constraints = [
            models.UniqueConstraint(
                name="commune_is_counted_once",
                fields=["snapshot", "commune"],
                violation_error_message="Cette commune est déjà comptée.",
            ),
            models.CheckConstraint(
                name="count_of_commune_is_possible",
                condition=Q(read__gte=0, count__lte=MOST_SENIORS),
                violation_error_message="Un nombre de seniors est positif, et de dix millions au plus.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} ({self.snapshot_id})"


class CountReview(AppendOnly):
    """What the operator's side did with a count: shown to the town, a contest answered, approved."""

    snapshot = models.ForeignKey(CountSnapshot, models.PROTECT, related_name="reviews", verbose_name="comptage")
    step = models.CharField("étape", max_length=9, choices=ReviewStep)
    words = models.CharField("motif", max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.CharField("par", max_length=200)

    class Meta:
        verbose_name = "suite d’un comptage"
        verbose_name_plural = "suites d’un comptage"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="review_is_a_known_step",
                condition=Q(step__in=ReviewStep.values),
                violation_error_message="Cette étape n’existe pas.",
            ),
            models.CheckConstraint(
                name="who_answers_a_contest_says_what",
                condition=~Q(step=ReviewStep.ANSWERED) | ~Q(words=""),
                violation_error_message="Écrivez ce que vous répondez à la collectivité.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} ({self.snapshot_id})"
