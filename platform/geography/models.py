"""What is stored: the official geography of France, and the older residents that the census counts."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from geography.enums import FormerKind, IntercommunalityKind

# Words of a folded name, as they are: no stemming, no stop words, so that the beginning of any word is found.
NAME_WORDS = SearchVector("search_name", config="simple")


class CurrentQuerySet(models.QuerySet):
    """A code that a later edition drops stays stored, since towns and invoices may point to it."""

    def current(self) -> "CurrentQuerySet":
        """Keep what the edition in force knows."""
        return self.filter(is_current=True)


class Region(models.Model):
    """A region, or an overseas collectivity that stands for one."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A département, or an overseas collectivity that stands for one."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="région", db_index=False, related_name="+")
    time_zone = models.CharField("fuseau horaire", max_length=40)

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Intercommunality(models.Model):
    """An EPCI with a tax of its own. `population` is the municipal population of its members together."""

    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    name = models.CharField("nom", max_length=100)
    kind = models.CharField("forme", max_length=5, choices=IntercommunalityKind)
    population = models.PositiveIntegerField("population municipale")
    search_name = models.CharField("nom pour la recherche", max_length=180, editable=False)
    is_current = models.BooleanField("dans l’édition en vigueur", default=True, editable=False)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["search_name"]
        constraints = [
            models.CheckConstraint(
                name="geography_intercommunality_siren",
                condition=Q(siren__regex=r"^[0-9]{9}$"),
                violation_error_message="Un numéro SIREN a neuf chiffres.",
            ),
            models.CheckConstraint(
                name="geography_intercommunality_kind",
                condition=Q(kind__in=IntercommunalityKind.values),
                violation_error_message="Cette forme d’intercommunalité n’est pas connue.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A commune of the edition in force, under its INSEE code.

    `population` is NULL where the census counts nobody (uninhabited lands); a village destroyed in war has 0.
    Overseas collectivities have no SIREN in the source. Coordinates are those of the centre, in degrees, NULL
    as long as no file gave them.
    """

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=60)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="département", related_name="communes")
    siren = models.CharField("SIREN", max_length=9, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux", default=list)
    intercommunality = models.ForeignKey(
        Intercommunality,
        models.PROTECT,
        verbose_name="intercommunalité",
        related_name="communes",
        null=True,
        blank=True,
    )
    latitude = models.DecimalField("latitude", max_digits=7, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5, null=True, blank=True)
    search_name = models.CharField("nom pour la recherche", max_length=90, editable=False)
    is_current = models.BooleanField("dans l’édition en vigueur", default=True, editable=False)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["search_name", "code"]
        indexes = [
            GinIndex(NAME_WORDS, name="geography_commune_words"),
            GinIndex(fields=["postal_codes"], name="geography_commune_postal"),
        ]
        constraints = [
            models.CheckConstraint(
                name="geography_commune_code",
                condition=Q(code__regex=r"^[0-9][0-9AB][0-9]{3}$"),
                violation_error_message="Un code INSEE a cinq caractères, comme 60509 ou 2A004.",
            ),
            models.CheckConstraint(
                name="geography_commune_centre",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, latitude__range=(-90, 90))
                & Q(longitude__isnull=False, longitude__range=(-180, 180)),
                violation_error_message="Donnez la latitude et la longitude, en degrés, ou aucune des deux.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerCommune(models.Model):
    """A code that no commune of today bears: merged, déléguée, associée, or an arrondissement of a big city.

    `name` is empty where the source gives the code alone.
    """

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=60, blank=True)
    kind = models.CharField("nature", max_length=14, choices=FormerKind)
    commune = models.ForeignKey(
        Commune, models.PROTECT, verbose_name="commune d’aujourd’hui", db_index=False, related_name="+"
    )

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="geography_former_kind",
                condition=Q(kind__in=FormerKind.values),
                violation_error_message="Cette nature d’ancienne commune n’est pas connue.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class ReferenceEdition(models.Model):
    """Which edition of the reference is loaded: one row, or none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    edition = models.CharField("édition", max_length=20)
    sha256 = models.CharField("empreinte des fichiers", max_length=64)
    loaded_at = models.DateTimeField("chargée le", auto_now=True)

    class Meta:
        verbose_name = "édition de la géographie"
        constraints = [
            models.CheckConstraint(
                name="geography_edition_single",
                condition=Q(id=1),
                violation_error_message="Une seule édition de la géographie est en vigueur.",
            ),
        ]

    def __str__(self) -> str:
        return self.edition


class Census(models.Model):
    """A file of the INSEE from which ages were read: the proof behind a count of seniors."""

    vintage = models.PositiveSmallIntegerField("millésime", primary_key=True)
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    imported_at = models.DateTimeField("importé le", auto_now=True)

    class Meta:
        verbose_name = "recensement"
        ordering = ["-vintage"]

    def __str__(self) -> str:
        return f"recensement de {self.vintage}"


class AgeCount(models.Model):
    """The older residents of a commune in one census, as the two columns that were read, never rounded.

    They are weighted counts with decimals: add first, round once. The file of communes says nothing of those
    over 65.
    """

    commune = models.ForeignKey(
        Commune, models.PROTECT, verbose_name="commune", db_index=False, related_name="age_counts"
    )
    census = models.ForeignKey(
        Census, models.PROTECT, verbose_name="recensement", db_index=False, related_name="age_counts"
    )
    aged_60_to_74 = models.DecimalField("de 60 à 74 ans", max_digits=24, decimal_places=16)
    aged_75_or_more = models.DecimalField("75 ans et plus", max_digits=24, decimal_places=16)

    class Meta:
        verbose_name = "habitants âgés"
        verbose_name_plural = "habitants âgés"
        constraints = [
            models.UniqueConstraint(
                name="geography_agecount_once",
                fields=["commune", "census"],
                violation_error_message="Cette commune a déjà ses chiffres pour ce recensement.",
            ),
            models.CheckConstraint(
                name="geography_agecount_positive",
                condition=Q(aged_60_to_74__gte=0, aged_75_or_more__gte=0),
                violation_error_message="Un nombre d’habitants n’est jamais négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id}, {self.census_id}"

    @property
    def aged_60_or_more(self) -> Decimal:
        """Residents of 60 and over, not rounded."""
        return self.aged_60_to_74 + self.aged_75_or_more
