"""Requests: a need, from asked to thanked."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.kinds import MOST_PEOPLE
from aid.help_requests.enums import (
    BEFORE_LOOKING,
    GIVEN,
    GOING,
    LOOKING,
    OVER,
    AskedBy,
    Consent,
    Moment,
    Reason,
    RequestState,
    Source,
    Urgency,
)
from aid.help_requests.recurring import HelpSeries
from aid.help_requests.urgency import HASTE, UNKNOWN, Haste, rank
from core.models import AppendOnly

__all__ = ["HelpRequest", "HelpSeries", "RequestStep", "StepWords"]

FORGOTTEN = "Personne oubliée"


class HelpRequestQuerySet(models.QuerySet):
    """The vocabulary of requests."""

    def to_check(self) -> "HelpRequestQuerySet":
        """Those whose number is yet to be confirmed."""
        return self.filter(state=RequestState.TO_CHECK)

    def looking(self) -> "HelpRequestQuerySet":
        """Those that look for somebody."""
        return self.filter(state__in=LOOKING)

    def ranked(self) -> "HelpRequestQuerySet":
        """Each with its `urgency_rank`, the most urgent lowest: for lists to be put in order."""
        return self.annotate(urgency_rank=rank())

    def with_list_related_data(self) -> "HelpRequestQuerySet":
        """What a line of a list shows, in the same query."""
        return self.select_related(
            "person",
            "kind",
            "series",
            "commune__commune",
            "district",
            "volunteer__person",
            "volunteer__speaks_for",
            "asked_by_person",
        )


class HelpRequest(models.Model):
    """Somebody needs something, some day, somewhere."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="help_requests", verbose_name="personne"
    )  # a request's story is told with its person: only forgetting empties it (aid.privacy)
    kind = models.ForeignKey(
        "configuration.KindOfHelp", models.PROTECT, related_name="help_requests", verbose_name="aide"
    )  # figures are kept by kind: a kind is hidden, never lost
    details = models.TextField("précisions", max_length=1000, blank=True)
    # What the town asks of its own for this kind of help (aid.configuration.questions): the words, and the answer.
    answers = models.JSONField("réponses", default=dict, blank=True)
    # Those of its kind when it was asked; the town may change how somebody is found for this one.
    mode = models.CharField("mise en relation", max_length=12, choices=Mode, default=Mode.FIRST_YES)
    people_needed = models.PositiveSmallIntegerField("bénévoles nécessaires", default=1)
    # The need that comes again of which it is one occurrence, and the day that its rule gave, wherever it was moved.
    series = models.ForeignKey(
        HelpSeries,
        models.SET_NULL,  # what was done stays
        null=True,
        blank=True,
        db_index=False,  # the constraint has one
        related_name="requests",
        verbose_name="demande qui revient",
    )
    occurrence_on = models.DateField("jour de la répétition", null=True, blank=True, editable=False)
    day = models.DateField("jour")
    hour = models.TimeField("heure", null=True, blank=True)
    moment = models.CharField("moment", max_length=10, choices=Moment, default=Moment.ANY)
    urgency = models.CharField("urgence", max_length=10, choices=Urgency, default=Urgency.USUAL)
    # When it should be over: from then on, somebody is asked whether it is done.
    ends_at = models.DateTimeField("fin prévue", editable=False)
    commune = models.ForeignKey(
        "territory.CoveredCommune", models.PROTECT, related_name="+", verbose_name="commune"
    )  # a commune leaves the territory once it has no request any more
    district = models.ForeignKey(
        "territory.District", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="quartier"
    )  # the commune still says where
    # Shown to the volunteer who said yes, and to staff.
    address = models.CharField("adresse", max_length=200, blank=True)
    state = models.CharField("état", max_length=10, choices=RequestState, default=RequestState.TO_CHECK)
    # Who goes; where several do (aid.proposals), the first who said yes.
    volunteer = models.ForeignKey(
        "onboarding.Volunteer",
        models.PROTECT,  # who came is part of the story
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name="bénévole",
    )
    minutes = models.PositiveSmallIntegerField("durée, en minutes", null=True, blank=True)
    reason = models.CharField("raison", max_length=16, choices=Reason, blank=True)
    closing_words = models.TextField("ce qui s’est passé", max_length=600, blank=True)
    thanks = models.TextField("merci", max_length=600, blank=True)
    thanked_at = models.DateTimeField("remercié le", null=True, blank=True)
    source = models.CharField("venue par", max_length=10, choices=Source)
    asked_by = models.CharField("demandée par", max_length=15, choices=AskedBy, default=AskedBy.SELF)
    asked_by_name = models.CharField("nom de qui demande", max_length=120, blank=True)
    # Who that is, where the town knows them: under a mandate, or a relative who phoned.
    asked_by_person = models.ForeignKey(
        "people.Person",
        models.SET_NULL,  # the name above says who it was
        null=True,
        blank=True,
        related_name="+",
        verbose_name="demandée par",
    )
    consent = models.CharField("accord", max_length=10, choices=Consent)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what an agent typed outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )
    created_at = models.DateTimeField("reçue le", default=timezone.now, editable=False)
    # Since when it lacks its words, and perhaps one of its two people: forgotten, or kept for as long as was said.
    forgotten_on = models.DateField("oubliée le", null=True, blank=True, editable=False)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande"
        indexes = [models.Index(fields=["state", "ends_at"], name="request_by_state_and_end")]
        constraints = [
            models.CheckConstraint(
                name="request_has_a_known_state",
                condition=Q(state__in=RequestState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="request_has_somebody_unless_forgotten",
                condition=Q(person__isnull=False) | Q(state__in=OVER, forgotten_on__isnull=False),
                violation_error_message="Une demande est celle de quelqu’un.",
            ),
            models.CheckConstraint(
                name="request_agreed_has_a_volunteer",
                condition=~Q(state__in=GOING) | Q(volunteer__isnull=False),
                violation_error_message="Une demande acceptée a un bénévole.",
            ),
            models.CheckConstraint(
                name="request_done_has_a_volunteer_unless_forgotten",
                condition=~Q(state__in=GIVEN) | Q(volunteer__isnull=False) | Q(forgotten_on__isnull=False),
                violation_error_message="Une demande rendue a un bénévole.",
            ),
            models.CheckConstraint(
                name="request_that_looks_for_somebody_has_nobody",
                condition=~Q(state__in=[*BEFORE_LOOKING, *LOOKING]) | Q(volunteer=None),
                violation_error_message="Une demande en recherche n’a pas encore de bénévole.",
            ),
            models.CheckConstraint(
                name="request_done_lasted_some_minutes",
                condition=~Q(state__in=GIVEN) | Q(minutes__range=(1, 24 * 60)),
                violation_error_message="Écrivez une durée entre 1 minute et 24 heures.",
            ),
            models.CheckConstraint(
                name="request_thanked_was_done",
                condition=Q(thanked_at=None) | Q(state__in=[RequestState.THANKED, RequestState.CLOSED]),
                violation_error_message="On remercie pour un service rendu.",
            ),
            models.UniqueConstraint(
                name="request_is_one_occurrence",
                fields=["series", "occurrence_on"],
                violation_error_message="Ce jour de la répétition est déjà noté.",
            ),
            models.CheckConstraint(
                name="request_of_a_series_has_its_day",
                condition=Q(series=None) | Q(occurrence_on__isnull=False),
                violation_error_message="Une demande qui revient a un jour.",
            ),
            models.CheckConstraint(
                name="request_needs_some_people",
                condition=Q(people_needed__range=(1, MOST_PEOPLE)),
                violation_error_message=f"Écrivez un nombre de bénévoles entre 1 et {MOST_PEOPLE}.",
            ),
            models.CheckConstraint(
                name="request_has_a_known_mode",
                condition=Q(mode__in=Mode.values),
                violation_error_message="Cette mise en relation n’existe pas.",
            ),
            models.CheckConstraint(
                name="request_has_a_known_urgency",
                condition=Q(urgency__in=Urgency.values),
                violation_error_message=UNKNOWN,
            ),
            models.CheckConstraint(
                name="request_without_help_says_why",
                condition=Q(reason="")
                | Q(
                    reason__in=Reason.values,
                    state__in=[RequestState.UNMET, RequestState.EXPIRED, RequestState.CANCELLED],
                ),
                violation_error_message="Une raison se donne pour une demande qui finit sans aide.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"demande {self.pk}"

    @property
    def for_whom(self) -> str:
        """First and last name of who asked, for staff; or that they were forgotten."""
        return self.person.full_name if self.person else FORGOTTEN

    @property
    def state_said(self) -> str:
        """Its state in a sentence: « cette demande est acceptée »."""
        return RequestState(self.state).said

    @property
    def haste(self) -> Haste:
        """What its urgency changes of how somebody is looked for."""
        return HASTE[self.urgency]

    @property
    def took_place(self) -> bool:
        """Whether it has begun, or should be over with somebody to go: who went will say how it was."""
        is_past = self.state in GOING and self.ends_at <= timezone.now()
        return is_past or self.state == RequestState.UNDER_WAY

    @property
    def may_thank(self) -> bool:
        """Whether it is done, and not thanked for. Who came may have been forgotten: then nobody is left to thank."""
        return self.state == RequestState.DONE and self.volunteer_id is not None

    @property
    def place(self) -> str:
        """The district, else the commune: the finest place shown before a yes."""
        return f"{self.district}, {self.commune}" if self.district else str(self.commune)


class RequestStep(AppendOnly):
    """The journal of a request: each step, when, and by whom."""

    request = models.ForeignKey(
        HelpRequest, models.PROTECT, related_name="steps", verbose_name="demande"
    )  # a journal is never taken away: the town's role cannot
    name = models.CharField("étape", max_length=20)
    from_state = models.CharField("de", max_length=10, choices=RequestState, blank=True)
    to_state = models.CharField("devient", max_length=10, choices=RequestState)
    at = models.DateTimeField("le", default=timezone.now, editable=False)
    # The step outlives both, and nobody may write in it again: their numbers stay, whatever becomes of them.
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="par l’agent",
    )
    by_person = models.ForeignKey(
        "people.Person",
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="par",
    )

    class Meta:
        verbose_name = "étape d’une demande"
        verbose_name_plural = "étapes des demandes"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="step_changes_the_state",
                condition=~Q(from_state=F("to_state")),
                violation_error_message="Une étape change l’état de la demande.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    @property
    def words(self) -> str:
        """What was written at this step; empty where nothing was, or where it was forgotten."""
        said = getattr(self, "said", None)
        return said.words if said else ""


class StepWords(models.Model):
    """What was written at a step. Kept apart from the journal, which nobody may change, so that it can be forgotten."""

    step = models.OneToOneField(
        RequestStep,
        models.CASCADE,  # never happens: the journal is only added to
        related_name="said",
        verbose_name="étape",
    )
    words = models.TextField("raison", max_length=600)

    class Meta:
        verbose_name = "mots d’une étape"
        verbose_name_plural = "mots des étapes"

    def __str__(self) -> str:
        """Nothing of the words: this ends in logs."""
        return f"mots {self.pk}"
