"""Worries: told about somebody, given to a named agent, journalled to their answer. Apart from any note."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from aid.vault.models import SealedText
from aid.worries.enums import WAITING, Grade, WorryAnswer, WorryState, WorryStepName
from core.models import AppendOnly


class WorryQuerySet(models.QuerySet):
    """The vocabulary of worries."""

    def waiting(self) -> "WorryQuerySet":
        """Those that have no answer yet."""
        return self.filter(state__in=WAITING)

    def kept_long_enough(self, before: datetime) -> "WorryQuerySet":
        """Those closed before a moment, that still lead to somebody."""
        return self.filter(state=WorryState.CLOSED, closed_at__lt=before, emptied_on=None)

    def most_urgent_first(self) -> "WorryQuerySet":
        """By grade, then the oldest."""
        grade = Case(
            *(When(grade=one, then=Value(rank)) for rank, one in enumerate(reversed(Grade))),
            output_field=IntegerField(),
        )
        return self.order_by(grade, "pk")

    def with_list_related_data(self) -> "WorryQuerySet":
        """What a line of a list shows, in the same query."""
        return self.select_related(
            "person__commune__commune", "person__district", "told_by", "agent", "taken_by", "noted_by", "closed_by"
        )


class Worry(models.Model):
    """Somebody is worried about somebody. What was said is sealed (`WorryWords`)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person",
        models.SET_NULL,  # that the town was told, and answered, stays true
        null=True,
        related_name="worries",
        verbose_name="au sujet de",
    )
    told_by = models.ForeignKey(
        "people.Person",
        models.SET_NULL,  # the worry outlives who told it
        null=True,
        blank=True,
        related_name="worries_told",
        verbose_name="dite par",
    )
    # Who wrote it down for somebody on the telephone.
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was noted outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="notée par",
    )
    grade = models.CharField("à quel point", max_length=10, choices=Grade)
    state = models.CharField("état", max_length=10, choices=WorryState, default=WorryState.RECEIVED)
    # Of the form that was sent: pressed twice, it is one worry.
    form_uid = models.UUIDField(unique=True, editable=False)
    told_at = models.DateTimeField("dite le", default=timezone.now, editable=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # administrators are told, and give it to another
        null=True,
        blank=True,
        related_name="given_worries",
        verbose_name="confiée à",
    )
    taken_at = models.DateTimeField("prise en charge le", null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was done outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="prise en charge par",
    )
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the same
        null=True,
        blank=True,
        related_name="+",
        verbose_name="close par",
    )
    answer = models.CharField("réponse", max_length=10, choices=WorryAnswer, blank=True)
    emptied_on = models.DateField("vidée le", null=True, blank=True, editable=False)

    objects = WorryQuerySet.as_manager()

    class Meta:
        verbose_name = "inquiétude"
        indexes = [models.Index(fields=["told_at"], name="worry_waiting", condition=Q(state__in=WAITING))]
        constraints = [
            models.CheckConstraint(
                name="worry_closed_has_an_answer",
                condition=(Q(state=WorryState.CLOSED, closed_at__isnull=False) & ~Q(answer=""))
                | Q(state__in=WAITING, closed_at=None, answer=""),
                violation_error_message="Une inquiétude se clôt avec une réponse.",
            ),
            models.CheckConstraint(
                name="worry_taken_has_a_date",
                condition=Q(state=WorryState.RECEIVED, taken_at=None)
                | (~Q(state=WorryState.RECEIVED) & Q(taken_at__isnull=False)),
                violation_error_message="Une inquiétude prise en charge l’est depuis une date.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"inquiétude {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether it has no answer yet."""
        return self.state in WAITING


class WorryStep(AppendOnly):
    """The journal of a worry: each step, when, by whom."""

    worry = models.ForeignKey(
        Worry,
        models.PROTECT,  # a journal is never taken away: the town's role cannot
        related_name="steps",
        verbose_name="inquiétude",
    )
    name = models.CharField("étape", max_length=10, choices=WorryStepName)
    at = models.DateTimeField("le", default=timezone.now, editable=False)
    # The step outlives the account, and nobody may write in it again.
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="par",
    )

    class Meta:
        verbose_name = "étape d’une inquiétude"
        verbose_name_plural = "étapes des inquiétudes"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"étape {self.pk}"


class WorryWords(SealedText):
    """What was said or done at a step, sealed. Apart from the journal, so that it can be forgotten."""

    step = models.OneToOneField(
        WorryStep,
        models.CASCADE,  # never happens: the journal is only added to
        related_name="said",
        verbose_name="étape",
    )

    class Meta:
        verbose_name = "mots d’une inquiétude"
        verbose_name_plural = "mots des inquiétudes"

    def __str__(self) -> str:
        """Nothing of the words: this ends in logs."""
        return f"mots {self.pk}"


class WorryDuty(models.Model):
    """Who is given the worries of a sector; without a sector, those of everywhere else."""

    sector = models.ForeignKey(
        "territory.Sector",
        models.CASCADE,  # no more sector, no more duty there
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="secteur",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,  # who is gone is on duty nowhere: the rule goes on to the next
        related_name="+",
        verbose_name="qui les reçoit",
    )

    class Meta:
        verbose_name = "permanence des inquiétudes"
        verbose_name_plural = "permanences des inquiétudes"
        constraints = [
            models.UniqueConstraint(
                name="worry_duty_elsewhere_is_one",
                fields=["sector"],
                nulls_distinct=False,
                violation_error_message="Une seule personne reçoit les inquiétudes d’un secteur.",
            ),
        ]

    def __str__(self) -> str:
        return f"permanence {self.pk}"
