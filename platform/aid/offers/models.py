"""Offers: what a volunteer is ready to do, and where."""

from django.db import models


class Offer(models.Model):
    """The standing offer of a volunteer. Without a commune, it holds for the whole territory."""

    volunteer = models.OneToOneField(
        "onboarding.Volunteer",
        models.CASCADE,  # an offer is somebody's
        related_name="offer",
        verbose_name="bénévole",
    )
    kinds = models.ManyToManyField("configuration.KindOfHelp", related_name="offers", verbose_name="aides")
    communes = models.ManyToManyField(
        "territory.CoveredCommune", blank=True, related_name="offers", verbose_name="communes"
    )

    class Meta:
        verbose_name = "offre"

    def __str__(self) -> str:
        return f"offre {self.pk}"
