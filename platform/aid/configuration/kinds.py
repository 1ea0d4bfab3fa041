"""Kinds of help: what the town's neighbours do for each other, in its words, and how each brings people together."""

import datetime
from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.text import capfirst

from aid.configuration.enums import Asking, Chooser, Helping, Mode
from aid.configuration.questions import Question, as_questions, check_questions
from core.french import of_place
from themes.icons import Icon
from themes.pictures import Picture, picture

MOST_PEOPLE = 30
LONGEST_WAIT = 14 * 24  # hours
# Twice the side of the disc that cards draw: screens are dense.
CARD_SIZE = "fill-128x128"


def everybody_asks() -> list[str]:
    """Who may ask, unless the town says otherwise."""
    return list(Asking.values)


def volunteers_help() -> list[str]:
    """Who may answer, unless the town says otherwise."""
    return [Helping.VOLUNTEER]


class KindOfHelpQuerySet(models.QuerySet):
    """The vocabulary of kinds of help."""

    def offered(self) -> "KindOfHelpQuerySet":
        """Those that people may ask for."""
        return self.filter(is_offered=True)

    def with_pictures(self) -> "KindOfHelpQuerySet":
        """The same, with what their cards show: one more query where one has a picture, none elsewhere."""
        return self.select_related("picture").prefetch_related("picture__renditions")

    def asked_by(self, askers: Collection[Asking]) -> "KindOfHelpQuerySet":
        """Those that one of these may ask for."""
        return self.filter(askers__overlap=list(askers))


class KindOfHelp(models.Model):
    """One kind of help that the town's neighbours give, in the town's words."""

    name = models.CharField("nom", max_length=60, unique=True, error_messages={"unique": "Cette aide existe déjà."})
    slug = models.SlugField(
        "adresse", max_length=60, unique=True, error_messages={"unique": "Cette adresse est déjà prise."}
    )
    description = models.CharField("en quelques mots", max_length=240, blank=True)
    icon = models.CharField("dessin", max_length=20, choices=Icon, default=Icon.HEART)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,  # the drawing stays
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # a town has a dozen kinds
        verbose_name="image",
    )
    theme = models.CharField(
        "thème", max_length=60, blank=True, help_text="Pour ranger les aides ensemble : Sorties, À la maison…"
    )
    usual_minutes = models.PositiveSmallIntegerField("durée habituelle, en minutes", default=60)
    position = models.PositiveSmallIntegerField("rang", default=100, help_text="La plus petite vient en premier.")
    is_offered = models.BooleanField("proposée aux habitants", default=True)
    mode = models.CharField("mise en relation", max_length=12, choices=Mode, default=Mode.FIRST_YES)
    chooser = models.CharField(
        "qui choisit",
        max_length=12,
        choices=Chooser,
        default=Chooser.ASKER,
        help_text="Parmi des bénévoles qui se proposent.",
    )
    wave_size = models.PositiveSmallIntegerField(
        "bénévoles prévenus à la fois",
        null=True,
        blank=True,
        help_text="Les plus proches d’abord, puis ceux à qui l’on a demandé il y a le plus longtemps. Vide : tous.",
    )
    wave_minutes = models.PositiveSmallIntegerField("minutes avant de prévenir les suivants", default=120)
    hours_before_coordinator = models.PositiveSmallIntegerField(
        "heures sans réponse avant de confier la demande à l’équipe",
        null=True,
        blank=True,
        help_text="Elle propose alors elle-même la demande. Vide : jamais.",
    )
    people_needed = models.PositiveSmallIntegerField("bénévoles nécessaires", default=1)
    askers = ArrayField(
        models.CharField(max_length=12, choices=Asking), verbose_name="qui peut demander", default=everybody_asks
    )
    helpers = ArrayField(
        models.CharField(max_length=12, choices=Helping), verbose_name="qui peut aider", default=volunteers_help
    )
    shows_professionals = models.BooleanField(
        "montrer aussi des professionnels",
        default=False,
        help_text="À part, et payants. Ils ne sont jamais mêlés aux bénévoles.",
    )
    first_month = models.PositiveSmallIntegerField("premier mois", null=True, blank=True)
    last_month = models.PositiveSmallIntegerField("dernier mois", null=True, blank=True)
    # A list of questions.Question, in the order in which they are asked.
    questions = models.JSONField("questions", default=list, blank=True)

    objects = KindOfHelpQuerySet.as_manager()

    class Meta:
        verbose_name = "aide"
        ordering = ["position", "name"]
        # The code of each is the field that its message stands beside.
        constraints = [
            models.CheckConstraint(
                name="kind_of_help_lasts_some_minutes",
                condition=Q(usual_minutes__range=(5, 24 * 60)),
                violation_error_code="usual_minutes",
                violation_error_message="Écrivez une durée entre 5 minutes et 24 heures.",
            ),
            models.CheckConstraint(
                name="kind_of_help_needs_some_people",
                condition=Q(people_needed__range=(1, MOST_PEOPLE)),
                violation_error_code="people_needed",
                violation_error_message=f"Écrivez un nombre de bénévoles entre 1 et {MOST_PEOPLE}.",
            ),
            models.CheckConstraint(
                name="kind_of_help_has_a_known_mode",
                condition=Q(mode__in=Mode.values, chooser__in=Chooser.values),
                violation_error_code="mode",
                violation_error_message="Cette mise en relation n’existe pas.",
            ),
            models.CheckConstraint(
                name="kind_of_help_waves_are_human",
                condition=(Q(wave_size=None) | Q(wave_size__range=(1, 500))) & Q(wave_minutes__range=(5, 24 * 60)),
                violation_error_code="wave_size",
                violation_error_message="Prévenez de 1 à 500 bénévoles à la fois, toutes les 5 minutes à 24 heures.",
            ),
            models.CheckConstraint(
                name="kind_of_help_waits_some_hours",
                condition=Q(hours_before_coordinator=None) | Q(hours_before_coordinator__range=(1, LONGEST_WAIT)),
                violation_error_code="hours_before_coordinator",
                violation_error_message=f"Écrivez un nombre d’heures entre 1 et {LONGEST_WAIT}.",
            ),
            models.CheckConstraint(
                name="kind_of_help_has_somebody_on_both_sides",
                condition=Q(askers__len__gt=0, askers__contained_by=Asking.values)
                & Q(helpers__len__gt=0, helpers__contained_by=Helping.values),
                violation_error_code="askers",
                violation_error_message="Dites qui peut demander, et qui peut aider.",
            ),
            models.CheckConstraint(
                name="kind_of_help_has_a_whole_season",
                condition=Q(first_month=None, last_month=None)
                | Q(
                    first_month__range=(1, 12),
                    last_month__range=(1, 12),
                    # A range of nothing is unknown, and what is unknown passes.
                    first_month__isnull=False,
                    last_month__isnull=False,
                ),
                violation_error_code="last_month",
                violation_error_message="Une saison a un premier et un dernier mois.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Say what is wrong with a question next to them. Raises ValidationError by field."""
        super().clean()
        try:
            check_questions(self.questions)
        except ValidationError as error:
            raise ValidationError({"questions": error.messages}) from error

    @property
    def card_picture(self) -> Picture | None:
        """What its card shows in place of its drawing; None where it has no image. Read it `with_pictures`."""
        return picture(self.picture, CARD_SIZE, alt="")

    @property
    def asked(self) -> list[Question]:
        """What is asked of who asks for it."""
        return as_questions(self.questions)

    @property
    def summary(self) -> str:
        """What it is in a few words, and in which months."""
        season = f"{capfirst(self.season)}." if self.season else ""
        return " ".join(filter(None, [self.description, season]))

    @property
    def season(self) -> str:
        """« d’avril à octobre »; empty for all the year."""
        if self.first_month is None:
            return ""
        first, last = str(MONTHS[self.first_month]), str(MONTHS[self.last_month])
        return f"{of_place(first)} à {last}"

    @property
    def mode_of_town(self) -> Mode:
        """How somebody is found for it where who asks writes to nobody."""
        return Mode(self.mode).of_town

    def is_asked_by(self, askers: Collection[Asking]) -> bool:
        """Whether one of these may ask for it."""
        return not set(self.askers).isdisjoint(askers)

    def check_day(self, day: datetime.date) -> None:
        """Raise ValidationError (« day ») for a day out of its season."""
        if not self.is_in_season(day):
            raise ValidationError({"day": f"Cette aide n’est pas proposée ce mois-là\xa0: {self.season} seulement."})

    def is_in_season(self, day: datetime.date) -> bool:
        """Whether it is done on such a day; a season may run over the new year."""
        if self.first_month is None:
            return True
        if self.first_month <= self.last_month:
            return self.first_month <= day.month <= self.last_month
        return day.month >= self.first_month or day.month <= self.last_month
