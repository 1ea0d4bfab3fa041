"""Facts of a town: what happened, when, where; never who."""

from django.db import models
from django.db.models import Q

from aid.facts.enums import FactKind
from core.models import AppendOnly


class Fact(AppendOnly):
    """One thing that happened. Nobody can be found through it: no person, no day finer than the date."""

    kind = models.CharField("nature", max_length=30, choices=FactKind)
    happened_on = models.DateField("date")
    # Code INSEE: a commune may leave the town's territory while its facts remain.
    commune_code = models.CharField("commune", max_length=5, blank=True)
    minutes = models.PositiveIntegerField("durée, en minutes", default=0)

    class Meta:
        verbose_name = "fait"
        verbose_name_plural = "faits"
        indexes = [models.Index(fields=["kind", "happened_on"], name="fact_by_kind_and_day")]
        constraints = [
            models.CheckConstraint(
                name="fact_has_a_known_kind",
                condition=Q(kind__in=FactKind.values),
                violation_error_message="Cette nature de fait n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.happened_on:%d/%m/%Y}"
