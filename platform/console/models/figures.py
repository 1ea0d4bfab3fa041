"""The figures of a town, as the last night read them: numbers only."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from console.enums import Health
from tenants.models import Town

# A night was missed, whatever its hour.
OLD_AFTER = timedelta(hours=48)
# Of who is counted among seniors: what contracts count by default.
AGE = 60
# Of what is called lately.
DAYS = 30


class TownFigures(models.Model):
    """What each night reads in a town (console.figures). A try that failed leaves the numbers, and their hour."""

    town = models.OneToOneField(Town, models.CASCADE, primary_key=True, related_name="figures", verbose_name="ville")
    counted_at = models.DateTimeField("comptée le", null=True, blank=True)
    tried_at = models.DateTimeField("essayée le", null=True, blank=True)
    has_failed = models.BooleanField("dernier essai en échec", default=False)
    failed_jobs = models.PositiveIntegerField("tâches en échec depuis un jour", default=0)
    seniors = models.PositiveIntegerField("seniors", default=0)
    volunteers = models.PositiveIntegerField("bénévoles", default=0)
    requests = models.PositiveIntegerField("demandes en 30 jours", default=0)
    services = models.PositiveIntegerField("services rendus en 30 jours", default=0)
    unanswered = models.PositiveIntegerField("demandes sans réponse depuis 48 heures", default=0)

    class Meta:
        verbose_name = "chiffres d’une ville"
        verbose_name_plural = "chiffres des villes"
        constraints = [
            models.CheckConstraint(
                name="town_figures_have_an_hour",
                condition=Q(counted_at__isnull=False)
                | Q(seniors=0, volunteers=0, requests=0, services=0, unanswered=0),
                violation_error_message="Des chiffres ont une heure.",
            )
        ]

    def __str__(self) -> str:
        return f"chiffres de la ville {self.town_id}"

    @property
    def health(self) -> Health:
        """What these figures tell of the town."""
        if self.has_failed:
            return Health.FAILED
        if self.counted_at is None:
            return Health.NEW
        if self.counted_at < timezone.now() - OLD_AFTER:
            return Health.OLD
        return Health.JOBS if self.failed_jobs else Health.GOOD
