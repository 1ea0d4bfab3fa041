"""Needs that come again: what is asked for, on which days, until it is ended. Each day is a request of its own."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.kinds import MOST_PEOPLE
from aid.help_requests.enums import AskedBy, Consent, Moment, SeriesState, Source, Urgency
from aid.help_requests.urgency import UNKNOWN
from core import recurrence

# How long before its day somebody is looked for, in days.
USUAL_NOTICE, MOST_NOTICE = 7, 28
FURTHEST_SKIPS = 60


class HelpSeriesQuerySet(models.QuerySet):
    """The vocabulary of series."""

    def standing(self) -> "HelpSeriesQuerySet":
        """Those that were not ended."""
        return self.exclude(state=SeriesState.ENDED)

    def with_page_related_data(self) -> "HelpSeriesQuerySet":
        """What a page about a series shows, in the same query."""
        return self.select_related(
            "person", "kind", "commune__commune", "district", "volunteer__person", "asked_by_person"
        )


class HelpSeries(models.Model):
    """Somebody needs the same thing on days that come again. What its occurrences share is copied to each."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # it is hers alone: her requests tell what was done
        related_name="help_series",
        verbose_name="personne",
    )
    kind = models.ForeignKey(
        "configuration.KindOfHelp", models.PROTECT, db_index=False, related_name="+", verbose_name="aide"
    )  # a kind is hidden, never lost
    details = models.TextField("précisions", max_length=1000, blank=True)
    answers = models.JSONField("réponses", default=dict, blank=True)
    mode = models.CharField("mise en relation", max_length=12, choices=Mode, default=Mode.FIRST_YES)
    people_needed = models.PositiveSmallIntegerField("bénévoles nécessaires", default=1)
    hour = models.TimeField("heure", null=True, blank=True)
    moment = models.CharField("moment", max_length=10, choices=Moment, default=Moment.ANY)
    urgency = models.CharField("urgence", max_length=10, choices=Urgency, default=Urgency.USUAL)
    commune = models.ForeignKey(
        "territory.CoveredCommune", models.PROTECT, db_index=False, related_name="+", verbose_name="commune"
    )  # a commune leaves the territory once nothing is asked for there
    district = models.ForeignKey(
        "territory.District",
        models.SET_NULL,  # the commune still says where
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name="quartier",
    )
    address = models.CharField("adresse", max_length=200, blank=True)
    # As iCalendar writes it (core.recurrence).
    rule = models.CharField("répétition", max_length=80, validators=[recurrence.validate])
    starts_on = models.DateField("premier jour")
    skips = ArrayField(models.DateField(), verbose_name="jours sautés", default=list, blank=True, size=FURTHEST_SKIPS)
    skips_holidays = models.BooleanField("pas les jours fériés", default=True)
    notice_days = models.PositiveSmallIntegerField("jours d’avance", default=USUAL_NOTICE)
    state = models.CharField("état", max_length=10, choices=SeriesState, default=SeriesState.TO_CHECK)
    ended_at = models.DateTimeField("arrêtée le", null=True, blank=True, editable=False)
    # Who said « j’y vais à chaque fois ».
    volunteer = models.ForeignKey(
        "onboarding.Volunteer",
        models.SET_NULL,  # then somebody is looked for each time
        null=True,
        blank=True,
        related_name="help_series",
        verbose_name="y va à chaque fois",
    )
    source = models.CharField("venue par", max_length=10, choices=Source)
    asked_by = models.CharField("demandée par", max_length=15, choices=AskedBy, default=AskedBy.SELF)
    asked_by_name = models.CharField("nom de qui demande", max_length=120, blank=True)
    asked_by_person = models.ForeignKey(
        "people.Person",
        models.SET_NULL,  # the name above says who it was
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name="demandée par",
    )
    consent = models.CharField("accord", max_length=10, choices=Consent)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what an agent typed outlives the agent's account
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name="saisie par",
    )
    created_at = models.DateTimeField("reçue le", default=timezone.now, editable=False)

    objects = HelpSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = "demande qui revient"
        verbose_name_plural = "demandes qui reviennent"
        constraints = [
            models.CheckConstraint(
                name="series_has_a_known_state",
                condition=Q(state__in=SeriesState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="series_ended_has_a_date",
                condition=Q(state=SeriesState.ENDED, ended_at__isnull=False)
                | (~Q(state=SeriesState.ENDED) & Q(ended_at=None)),
                violation_error_message="Une demande arrêtée a une date.",
            ),
            models.CheckConstraint(
                name="series_needs_some_people",
                condition=Q(people_needed__range=(1, MOST_PEOPLE)),
                violation_error_message=f"Écrivez un nombre de bénévoles entre 1 et {MOST_PEOPLE}.",
            ),
            models.CheckConstraint(
                name="series_has_a_known_mode",
                condition=Q(mode__in=Mode.values),
                violation_error_message="Cette mise en relation n’existe pas.",
            ),
            models.CheckConstraint(
                name="series_has_a_known_urgency",
                condition=Q(urgency__in=Urgency.values),
                violation_error_message=UNKNOWN,
            ),
            models.CheckConstraint(
                name="series_looks_for_somebody_in_time",
                condition=Q(notice_days__range=(1, MOST_NOTICE)),
                violation_error_message=f"Écrivez un nombre de jours entre 1 et {MOST_NOTICE}.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"série {self.pk}"

    @property
    def recurrence(self) -> recurrence.Recurrence:
        """Its rule, read."""
        return recurrence.read(self.rule)
