"""A public text that somebody at the town must read, and what was reported of it."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.models import Account
from aid.moderation.enums import Family, Outcome, Reason, ReportReason

LONGEST_REPORT, LONGEST_TOLD = 1000, 600
LONGEST_FOUND, MOST_FOUND = 80, 12
# How long an agent has a case to themselves.
LEASE = timedelta(minutes=15)


class CaseQuerySet(models.QuerySet):
    """The vocabulary of cases."""

    def open(self) -> "CaseQuerySet":
        """Those that wait for a decision."""
        return self.filter(closed_at=None)

    def closed(self) -> "CaseQuerySet":
        """Those that somebody decided, or events settled."""
        return self.exclude(closed_at=None)

    def about(self, kind: str, number: int) -> "CaseQuerySet":
        """Those of one public text."""
        return self.filter(subject_kind=kind, subject_id=number)

    def worst_first(self) -> "CaseQuerySet":
        """As they are read: the gravest, then what waits longest."""
        return self.order_by("-gravity", "opened_at", "pk")

    def with_list_related_data(self) -> "CaseQuerySet":
        """What a line of the queue shows, in the same query."""
        reported = {"report_count": Count("reports"), "last_reported_at": Max("reports__at")}
        return self.select_related("author", "taken_by", "decided_by").annotate(**reported)


class Case(models.Model):
    """One public text to read: everything said of it until somebody decides is here."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # What it is about: the room above registers how to read, hide and show it (moderation.subjects).
    subject_kind = models.CharField(max_length=30, editable=False)
    subject_id = models.BigIntegerField(editable=False)
    author = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # their texts go with them: nothing is left to decide
        null=True,
        blank=True,
        related_name="moderation_cases",
        verbose_name="auteur",
    )
    is_held = models.BooleanField("retenu", default=False)
    gravity = models.PositiveSmallIntegerField("gravité", default=0)
    families = ArrayField(
        models.CharField(max_length=12, choices=Family), verbose_name="règles", default=list, blank=True
    )
    found = ArrayField(
        models.CharField(max_length=LONGEST_FOUND), verbose_name="mots trouvés", default=list, blank=True
    )
    # Counts the texts that were submitted while it is open: nobody decides of one they have not read.
    revision = models.PositiveIntegerField(default=1, editable=False)
    # Of the text that was decided, so that the same one is not read twice.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    opened_at = models.DateTimeField("ouvert le", auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # nobody has it any more
        null=True,
        blank=True,
        related_name="+",
        verbose_name="pris par",
    )
    taken_until = models.DateTimeField("pris jusqu’à", null=True, blank=True)
    closed_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was decided outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidé par",
    )
    outcome = models.CharField("décision", max_length=10, choices=Outcome, blank=True)
    reason = models.CharField("raison", max_length=10, choices=Reason, blank=True)
    told = models.TextField("mots pour l’auteur", max_length=LONGEST_TOLD, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "texte à lire"
        verbose_name_plural = "textes à lire"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["-gravity", "opened_at"], name="case_open_by_gravity", condition=Q(closed_at=None)),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="case_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="case_is_open_once_a_subject",
                fields=["subject_kind", "subject_id"],
                condition=Q(closed_at=None),
                violation_error_message="Ce texte est déjà à lire.",
            ),
            models.CheckConstraint(
                name="case_closed_has_an_outcome",
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False, outcome__in=Outcome.values),
                violation_error_message="Choisissez une décision dans la liste.",
            ),
            models.CheckConstraint(
                name="case_decided_has_a_reason",
                condition=Q(closed_at=None) | Q(outcome=Outcome.SETTLED) | Q(reason__in=Reason.values),
                violation_error_message="Choisissez une raison dans la liste.",
            ),
            models.CheckConstraint(
                name="case_taken_is_until_an_hour",
                condition=Q(taken_by=None) | Q(taken_until__isnull=False),
                violation_error_message="Un texte est pris pour un temps.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the author: this ends in logs."""
        return f"texte à lire {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.closed_at is None

    @property
    def rules(self) -> list[str]:
        """Which rules found something, in words."""
        return [str(Family(one).label) for one in self.families]

    def holder(self, now: datetime | None = None) -> Account | None:
        """Who has it in hand; None once their time is over."""
        is_held = self.taken_until is not None and self.taken_until > (now or timezone.now())
        return self.taken_by if self.is_open and is_held else None


class Report(models.Model):
    """What somebody, known or not, says of a public text."""

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="reports", verbose_name="texte"
    )  # it is said of nothing else
    reporter = models.ForeignKey(
        "people.Person",
        models.SET_NULL,  # what they said still holds; who said it is forgotten
        null=True,
        blank=True,
        related_name="moderation_reports",
        verbose_name="signalé par",
    )
    reason = models.CharField("raison", max_length=10, choices=ReportReason)
    words = models.TextField("en quelques mots", max_length=LONGEST_REPORT, blank=True)
    at = models.DateTimeField("signalé le", auto_now_add=True)

    class Meta:
        verbose_name = "signalement"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="report_is_said_once_by_somebody",
                fields=["case", "reporter"],
                condition=Q(reporter__isnull=False),
                violation_error_message="Vous avez déjà signalé ce texte.",
            ),
            models.CheckConstraint(
                name="report_has_a_known_reason",
                condition=Q(reason__in=ReportReason.values),
                violation_error_message="Choisissez une raison dans la liste.",
            ),
        ]

    def __str__(self) -> str:
        return f"signalement {self.pk}"
