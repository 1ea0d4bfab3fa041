"""Who decided what, when: only ever added to."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from aid.moderation.enums import Deed, Reason
from core.models import AppendOnly


class Act(AppendOnly):
    """One thing done of a text or about somebody. No words: those are on the case, and go with it."""

    # It outlives them all, and nobody may write in it again: their numbers stay, whatever becomes of them.
    person = models.ForeignKey(
        "people.Person", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="à propos de",
    )  # fmt: skip
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="par l’agent",
    )  # fmt: skip
    deed = models.CharField("geste", max_length=12, choices=Deed)
    reason = models.CharField("raison", max_length=10, choices=Reason, blank=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "geste de modération"
        verbose_name_plural = "gestes de modération"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="moderation_act_by_subject"),
            models.Index(fields=["person", "-id"], name="moderation_act_by_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="moderation_act_is_a_known_deed",
                condition=Q(deed__in=Deed.values),
                violation_error_message="Ce geste n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"geste de modération {self.pk}"
