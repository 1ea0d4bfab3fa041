"""Follow-ups: what somebody at the town must do, so that nothing falls between two chairs."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5

from aid.followups.enums import FollowUpKind

LONGEST_WORDS = 600


class FollowUpQuerySet(models.QuerySet):
    """The vocabulary of follow-ups."""

    def open(self) -> "FollowUpQuerySet":
        """Those that wait for somebody."""
        return self.filter(done_at=None)

    def done(self) -> "FollowUpQuerySet":
        """Those that somebody, or events, closed."""
        return self.exclude(done_at=None)

    def due(self, now: datetime) -> "FollowUpQuerySet":
        """Those whose hour has come."""
        return self.filter(due_at__lte=now)

    def about(self, kind: str, number: int) -> "FollowUpQuerySet":
        """Those of one subject."""
        return self.filter(subject_kind=kind, subject_id=number)

    def same_as(self, asked: "FollowUp") -> "FollowUpQuerySet":
        """The one that keeps `asked` from being asked again: as the constraints below tell."""
        if asked.key:
            return self.filter(key=asked.key)
        same = self.open().filter(kind=asked.kind)
        if asked.subject_id is not None:
            return same.about(asked.subject_kind, asked.subject_id)
        return same.filter(subject_id=None, person=asked.person, words=asked.words)

    def with_persons(self) -> "FollowUpQuerySet":
        """Bring along whom each is about, and where they live."""
        return self.select_related("person__commune__commune", "person__district", "done_by")


class FollowUp(models.Model):
    """One thing to do, about one person or one thing, from its hour on."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=20, choices=FollowUpKind)
    # What is told once for ever, done or not: « message:12 ».
    key = models.CharField(max_length=100, blank=True, editable=False)
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # nobody is left to call
        null=True,
        blank=True,
        related_name="followups",
        verbose_name="personne",
    )
    # What it is about: the room above registers how to reach it (followups.subjects).
    subject_kind = models.CharField(max_length=30, blank=True, editable=False)
    subject_id = models.BigIntegerField(null=True, blank=True, editable=False)
    words = models.TextField("ce qu’il faut dire ou faire", max_length=LONGEST_WORDS, blank=True)
    due_at = models.DateTimeField("à faire à partir de")
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    done_at = models.DateTimeField("faite le", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was done outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="faite par",
    )
    outcome = models.TextField("ce qui s’est passé", max_length=LONGEST_WORDS, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "suite à donner"
        verbose_name_plural = "suites à donner"
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], name="followup_open_by_date", condition=Q(done_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="followup_is_asked_once",
                fields=["kind", "subject_kind", "subject_id"],
                condition=Q(done_at=None, subject_id__isnull=False),
                violation_error_message="Cette suite est déjà à faire.",
            ),
            models.UniqueConstraint(
                "kind",
                F("person"),
                MD5("words"),
                name="followup_of_a_person_is_asked_once",
                condition=Q(done_at=None, subject_id=None, key="", person__isnull=False),
                violation_error_message="Cette suite est déjà à faire.",
            ),
            models.UniqueConstraint(
                name="followup_key_is_told_once",
                fields=["key"],
                condition=~Q(key=""),
                violation_error_message="Cette suite a déjà été demandée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
