"""Absences: the days when a volunteer is away."""

import uuid

from django.db import models
from django.db.models import F, Q


class AbsenceQuerySet(models.QuerySet):
    """The vocabulary of absences."""

    def covering(self, day: object) -> "AbsenceQuerySet":
        """Those that a day is in."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def to_come(self, day: object) -> "AbsenceQuerySet":
        """Those that are not over on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Absence(models.Model):
    """Days when a volunteer is away: nothing is asked of them for these. Without an end, until they say so."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    offer = models.ForeignKey(
        "offers.Offer",
        models.CASCADE,  # nobody is away
        related_name="absences",
        verbose_name="offre",
        db_index=False,  # below, with the days
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["offer", "starts_on"], name="absence_by_offer")]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_began",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le retour vient après le départ.",
            ),
            models.UniqueConstraint(
                name="absence_is_said_once",
                fields=["offer", "starts_on"],
                violation_error_message="Une absence commence déjà ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"
