"""What a town covers: communes, districts inside them, sectors that group both."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.text import fold


class Named(models.Model):
    """Something whose name is its own, whatever its accents and capitals."""

    name = models.CharField("nom", max_length=80)
    folded_name = models.CharField(max_length=160, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded name in step with the name."""
        self.folded_name = fold(self.name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_name"}
        super().save(*args, **kwargs)

    def validate_constraints(self, exclude: set[str] | None = None) -> None:
        """Check the folded name too, since a form that shows the name alone would leave it out."""
        self.folded_name = fold(self.name)
        super().validate_constraints(exclude=set(exclude or ()) - {"folded_name"})


class CoveredCommuneManager(models.Manager):
    """A covered commune is never shown without its name, which lives in the shared reference."""

    def get_queryset(self) -> models.QuerySet:
        """Bring the commune along."""
        return super().get_queryset().select_related("commune")


class CoveredCommune(models.Model):
    """A commune of the town's territory."""

    commune = models.OneToOneField("geography.Commune", models.PROTECT, verbose_name="commune", related_name="+")

    objects = CoveredCommuneManager()

    class Meta:
        verbose_name = "commune couverte"
        verbose_name_plural = "communes couvertes"
        ordering = ["commune__search_name"]

    def __str__(self) -> str:
        return self.commune.name


class District(Named):
    """A part of a commune that its people call by a name: a quartier, a hamlet. Its centre may be unknown."""

    commune = models.ForeignKey(
        CoveredCommune, models.PROTECT, verbose_name="commune", db_index=False, related_name="districts"
    )
    latitude = models.DecimalField("latitude du centre", max_digits=7, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("longitude du centre", max_digits=8, decimal_places=5, null=True, blank=True)

    class Meta:
        verbose_name = "quartier"
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(
                name="territory_district_name",
                fields=["commune", "folded_name"],
                violation_error_message="Cette commune a déjà un quartier de ce nom.",
            ),
            models.CheckConstraint(
                name="territory_district_named",
                condition=~Q(folded_name=""),
                violation_error_message="Donnez un nom, avec des lettres ou des chiffres.",
            ),
            models.CheckConstraint(
                name="territory_district_centre",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, latitude__range=(-90, 90))
                & Q(longitude__isnull=False, longitude__range=(-180, 180)),
                violation_error_message="Donnez la latitude et la longitude, en degrés, ou aucune des deux.",
            ),
        ]


class Sector(Named):
    """A part of the territory that is organised together: whole communes, districts, or both."""

    communes = models.ManyToManyField(CoveredCommune, verbose_name="communes", blank=True, related_name="sectors")
    districts = models.ManyToManyField(District, verbose_name="quartiers", blank=True, related_name="sectors")
    coordinators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="SectorCoordinator",
        through_fields=("sector", "account"),
        verbose_name="coordinateurs",
        related_name="sectors",
    )

    class Meta:
        verbose_name = "secteur"
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(
                name="territory_sector_name",
                fields=["folded_name"],
                violation_error_message="Un secteur porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="territory_sector_named",
                condition=~Q(folded_name=""),
                violation_error_message="Donnez un nom, avec des lettres ou des chiffres.",
            ),
        ]


class SectorCoordinator(models.Model):
    """Somebody of the town who sees the people of a sector. What a coordinator may do is a role (accounts.roles)."""

    sector = models.ForeignKey(
        Sector,
        models.CASCADE,  # nobody is bound to what is no more: they see less, never more
        related_name="+",
        verbose_name="secteur",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,  # an account that is gone sees nobody
        related_name="+",
        verbose_name="coordinateur",
    )
    bound_at = models.DateTimeField("depuis le", auto_now_add=True)
    bound_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what an administrator decided outlives their account
        null=True,
        related_name="+",
        verbose_name="par",
    )

    class Meta:
        verbose_name = "coordinateur d’un secteur"
        verbose_name_plural = "coordinateurs des secteurs"
        constraints = [
            models.UniqueConstraint(
                name="territory_sector_coordinator_once",
                fields=["sector", "account"],
                violation_error_message="Cette personne s’occupe déjà de ce secteur.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"coordination {self.pk}"
