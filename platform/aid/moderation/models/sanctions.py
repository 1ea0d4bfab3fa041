"""What a town does about somebody, their appeal, and who does not want to see whom any more."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from aid.moderation.enums import AppealState, Reason, SanctionKind, Via
from aid.moderation.models.cases import Case

LONGEST_WORDS, LONGEST_APPEAL, LONGEST_ANSWER = 600, 1000, 600
# Those that close the public doors while they last.
SILENCING = (SanctionKind.MUTE, SanctionKind.SUSPENSION, SanctionKind.EXCLUSION)
# Those that last until somebody lifts them.
STANDING = (SanctionKind.SUSPENSION, SanctionKind.EXCLUSION)


class SanctionQuerySet(models.QuerySet):
    """The vocabulary of measures."""

    def in_force(self, now: datetime | None = None) -> "SanctionQuerySet":
        """Those that hold now: a mute ends by itself, the others when somebody lifts them. A warning holds nothing."""
        over = Q(kind=SanctionKind.MUTE, ends_at__lte=now or timezone.now())
        return self.filter(kind__in=SILENCING, lifted_at=None).exclude(over)

    def standing(self) -> "SanctionQuerySet":
        """Those in force that put somebody out until they are lifted: suspended, excluded."""
        return self.in_force().filter(kind__in=STANDING)

    def exclusions(self) -> "SanctionQuerySet":
        """Those in force that close the doors of a person: nobody is sent to them."""
        return self.in_force().filter(kind=SanctionKind.EXCLUSION)

    def appealed(self) -> "SanctionQuerySet":
        """Those whose appeal waits for an answer."""
        return self.filter(appeal_state=AppealState.WAITING)

    def with_list_related_data(self) -> "SanctionQuerySet":
        """What a line shows, in the same query."""
        return self.select_related("person", "by_account", "lifted_by", "appeal_answered_by")


class Sanction(models.Model):
    """One measure: of what kind, why, from when, until when, by whom; and the one appeal that it allows."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # nothing is held against nobody
        related_name="sanctions",
        verbose_name="personne",
    )
    kind = models.CharField("mesure", max_length=12, choices=SanctionKind)
    reason = models.CharField("raison", max_length=10, choices=Reason)
    words = models.TextField("ce que la personne lit", max_length=LONGEST_WORDS)
    starts_at = models.DateTimeField("depuis le", default=timezone.now)
    # The end of a mute; the day when somebody looks at a suspension again.
    ends_at = models.DateTimeField("jusqu’au", null=True, blank=True)
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the measure outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidée par",
    )
    case = models.ForeignKey(
        Case,
        models.SET_NULL,  # the text is kept less long than the measure
        null=True,
        blank=True,
        related_name="sanctions",
        verbose_name="à propos de",
    )
    lifted_at = models.DateTimeField("levée le", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the same
        null=True,
        blank=True,
        related_name="+",
        verbose_name="levée par",
    )
    appeal_state = models.CharField("recours", max_length=10, choices=AppealState, blank=True)
    appeal_words = models.TextField("ce que la personne répond", max_length=LONGEST_APPEAL, blank=True)
    appeal_via = models.CharField("recours venu", max_length=10, choices=Via, blank=True)
    appealed_at = models.DateTimeField("recours du", null=True, blank=True)
    appeal_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the same
        null=True,
        blank=True,
        related_name="+",
        verbose_name="recours noté par",
    )
    appeal_answer = models.TextField("réponse au recours", max_length=LONGEST_ANSWER, blank=True)
    appeal_answered_at = models.DateTimeField("réponse du", null=True, blank=True)
    appeal_answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the same
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réponse de",
    )

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = "mesure"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "kind"], name="sanction_running", condition=Q(lifted_at=None)),
            models.Index(fields=["appealed_at"], name="sanction_appealed", condition=Q(appeal_state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                name="sanction_has_a_known_kind_and_reason",
                condition=Q(kind__in=SanctionKind.values, reason__in=Reason.values),
                violation_error_message="Choisissez une mesure et une raison dans la liste.",
            ),
            models.CheckConstraint(
                name="sanction_mute_has_an_end",
                condition=~Q(kind=SanctionKind.MUTE) | Q(ends_at__isnull=False),
                violation_error_message="Dites jusqu’à quand.",
            ),
            models.CheckConstraint(
                name="sanction_without_dates_has_none",
                condition=Q(kind__in=(SanctionKind.MUTE, SanctionKind.SUSPENSION)) | Q(ends_at=None),
                violation_error_message="Cette mesure n’a pas de fin : elle se lève.",
            ),
            models.CheckConstraint(
                name="sanction_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message="Choisissez une fin après le début.",
            ),
            models.UniqueConstraint(
                name="sanction_standing_is_alone",
                fields=["person", "kind"],
                condition=Q(lifted_at=None, kind__in=STANDING),
                violation_error_message="Cette mesure est déjà en cours.",
            ),
            models.CheckConstraint(
                name="sanction_appeal_is_dated_and_in_words",
                condition=Q(appeal_state="", appealed_at=None)
                | Q(appeal_state__in=AppealState.values, appealed_at__isnull=False) & ~Q(appeal_words=""),
                violation_error_message="Écrivez ce que la personne répond.",
            ),
            models.CheckConstraint(
                name="sanction_appeal_is_answered_after_it_was_made",
                condition=Q(appeal_state__in=("", AppealState.WAITING), appeal_answered_at=None)
                | Q(appeal_state__in=(AppealState.UPHELD, AppealState.LIFTED), appeal_answered_at__isnull=False),
                violation_error_message="Un recours se demande avant d’être examiné.",
            ),
            models.CheckConstraint(
                name="sanction_appeal_is_answered_by_somebody_else",
                condition=Q(by_account=None) | Q(appeal_answered_by=None) | ~Q(appeal_answered_by=F("by_account")),
                violation_error_message="Un recours est examiné par quelqu’un d’autre que qui a décidé.",
            ),
            models.CheckConstraint(
                name="sanction_lifted_by_appeal_is_lifted",
                condition=~Q(appeal_state=AppealState.LIFTED) | Q(lifted_at__isnull=False),
                violation_error_message="Une mesure levée l’est depuis une date.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"mesure {self.pk}"

    @property
    def is_in_force(self) -> bool:
        """Whether it holds now."""
        is_over = self.kind == SanctionKind.MUTE and self.ends_at is not None and self.ends_at <= timezone.now()
        return self.kind in SILENCING and self.lifted_at is None and not is_over

    @property
    def stands(self) -> bool:
        """Whether it may be lifted: it holds now, or it was a warning."""
        return self.is_in_force or (self.kind == SanctionKind.WARNING and self.lifted_at is None)

    @property
    def may_be_appealed(self) -> bool:
        """Whether the person may still answer: once, while it stands."""
        return not self.appeal_state and self.stands


class Block(models.Model):
    """Somebody does not want to see another any more: then neither sees the other."""

    blocker = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="blocks", verbose_name="qui ne veut plus voir"
    )  # a wish is somebody's
    blocked = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="blocked_by", verbose_name="qui n’est plus vu"
    )  # and about somebody
    at = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        verbose_name = "personne bloquée"
        verbose_name_plural = "personnes bloquées"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="block_is_said_once",
                fields=["blocker", "blocked"],
                violation_error_message="Vous ne voyez déjà plus cette personne.",
            ),
            models.CheckConstraint(
                name="block_is_of_somebody_else",
                condition=~Q(blocker=F("blocked")),
                violation_error_message="Choisissez quelqu’un d’autre que vous.",
            ),
        ]

    def __str__(self) -> str:
        return f"personne bloquée {self.pk}"
