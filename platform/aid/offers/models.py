"""Offers: what a volunteer is ready to do, where, when, with what, and how much; and applications on their way.

What is offered for one day only is told apart, in `one_off`; and when they are away, in `absences`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from aid.offers.absences import Absence
from aid.offers.enums import Language, Radius
from aid.offers.one_off import OneOffOffer
from aid.offers.slots import SLOTS, in_words
from aid.onboarding.enums import Source

__all__ = ["Absence", "Application", "Means", "Offer", "OneOffOffer"]

LONGEST_LIMITS = 300
MOST_A_MONTH, MOST_AT_ONCE = 31, 10


class MeansQuerySet(models.QuerySet):
    """The vocabulary of means."""

    def offered(self) -> "MeansQuerySet":
        """Those that the town asks volunteers about."""
        return self.filter(is_offered=True)


class Means(models.Model):
    """Something that a volunteer may bring along, in the town's words: a car, some tools."""

    name = models.CharField("nom", max_length=60, unique=True, error_messages={"unique": "Ce moyen existe déjà."})
    position = models.PositiveSmallIntegerField("rang", default=100, help_text="Le plus petit vient en premier.")
    is_offered = models.BooleanField("proposé aux bénévoles", default=True)

    objects = MeansQuerySet.as_manager()

    class Meta:
        verbose_name = "moyen"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """The standing offer of a volunteer.

    It holds in the communes that they chose and within the radius that they chose; without either, anywhere in the
    territory. Without a slot, they may be asked at any hour.
    """

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
    radius_km = models.PositiveSmallIntegerField("rayon", choices=Radius, null=True, blank=True)
    # From the centre of a commune to the centre of another: where somebody lives is never measured from.
    centre = models.ForeignKey(
        "territory.CoveredCommune",
        models.PROTECT,  # as people's own: a commune leaves once nobody counts from it
        null=True,
        blank=True,
        related_name="+",
        verbose_name="autour de",
    )
    slots = ArrayField(models.CharField(max_length=12), verbose_name="disponible", default=list, blank=True)
    monthly_limit = models.PositiveSmallIntegerField("coups de main par mois, au plus", null=True, blank=True)
    at_once_limit = models.PositiveSmallIntegerField("rendez-vous prévus à la fois, au plus", null=True, blank=True)
    means = models.ManyToManyField(Means, blank=True, related_name="offers", verbose_name="moyens")
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language), verbose_name="langues", default=list, blank=True
    )
    limits = models.CharField("à savoir", max_length=LONGEST_LIMITS, blank=True)

    class Meta:
        verbose_name = "offre"
        constraints = [
            models.CheckConstraint(
                name="offer_radius_is_known",
                condition=Q(radius_km=None) | Q(radius_km__in=Radius.values),
                violation_error_message="Choisissez un rayon de 5, 10 ou 20 km.",
            ),
            models.CheckConstraint(
                name="offer_radius_has_a_centre",
                condition=Q(radius_km=None, centre=None) | Q(radius_km__isnull=False, centre__isnull=False),
                violation_error_message="Un rayon se compte autour d’une commune.",
            ),
            models.CheckConstraint(
                name="offer_slots_are_known",
                condition=Q(slots__contained_by=list(SLOTS)),
                violation_error_message="Ce moment de la semaine n’existe pas.",
            ),
            models.CheckConstraint(
                name="offer_languages_are_known",
                condition=Q(languages__contained_by=Language.values),
                violation_error_message="Cette langue n’est pas dans la liste.",
            ),
            models.CheckConstraint(
                name="offer_monthly_limit_is_human",
                condition=Q(monthly_limit=None) | Q(monthly_limit__range=(1, MOST_A_MONTH)),
                violation_error_message=f"Écrivez un nombre entre 1 et {MOST_A_MONTH}.",
            ),
            models.CheckConstraint(
                name="offer_at_once_limit_is_human",
                condition=Q(at_once_limit=None) | Q(at_once_limit__range=(1, MOST_AT_ONCE)),
                violation_error_message=f"Écrivez un nombre entre 1 et {MOST_AT_ONCE}.",
            ),
        ]

    def __str__(self) -> str:
        return f"offre {self.pk}"

    def get_slots_display(self) -> str:
        """When they are free; empty for any time."""
        return in_words(self.slots)

    def get_languages_display(self) -> str:
        """What they speak besides French."""
        return ", ".join(str(Language(one).label) for one in self.languages)


class Application(models.Model):
    """What somebody who wants to help typed on the site, until they prove their contact, or an hour has passed.

    Nobody is written down before: whether the town knows them is never told. Then nothing of it is left here but its
    uid, so that sending again what was sent changes nothing (aid.offers.applying).
    """

    uid = models.UUIDField(unique=True, editable=False)
    source = models.CharField("comment", max_length=5, choices=Source, default=Source.SITE)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    phone = models.CharField("téléphone", max_length=16, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    motivation = models.TextField("ses mots", blank=True)
    # Numbers and words of the form: the rows may be gone by the time that they are read.
    answers = models.JSONField("réponses", default=dict)
    sent_at = models.DateTimeField("envoyée le", auto_now_add=True)
    settled_at = models.DateTimeField("reprise le", null=True, blank=True)

    class Meta:
        verbose_name = "candidature en route"
        verbose_name_plural = "candidatures en route"
        constraints = [
            models.CheckConstraint(
                name="application_settled_holds_nothing",
                condition=Q(settled_at=None)
                | Q(first_name="", last_name="", phone="", email="", motivation="", answers={}),
                violation_error_message="Une candidature reprise ne garde rien.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"candidature {self.pk}"

    @property
    def contact(self) -> str:
        """What is to be proved: a number in E.164, else an address."""
        return self.phone or self.email
