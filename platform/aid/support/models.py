"""One access of an operator to a town: who, why, until when, and whether they may change anything."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

SHORTEST_REASON = 15
LONGEST_REASON = 300
LONGEST = timedelta(hours=4)


class SupportAccessQuerySet(models.QuerySet):
    """The vocabulary of accesses."""

    def running(self) -> "SupportAccessQuerySet":
        """Those that open something now: neither ended by somebody nor by their hour."""
        return self.filter(ended_at=None, ends_at__gt=timezone.now())


class SupportAccess(models.Model):
    """Kept for ever in the town: its administrators read it, and the journal of cards leads here."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # the journal names it: what was read was read by somebody
        related_name="support_access",
        verbose_name="compte",
    )
    # An account of the public schema, which a town cannot read: no foreign key leads there.
    operator = models.PositiveBigIntegerField("numéro de l’opérateur")
    operator_name = models.CharField("qui, chez Palier", max_length=254)
    reason = models.CharField("motif", max_length=LONGEST_REASON)
    acts = models.BooleanField("peut modifier", default=False)
    begins_at = models.DateTimeField("depuis le", default=timezone.now)
    ends_at = models.DateTimeField("jusqu’au")
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # that it was ended outlives who ended it
        null=True,
        blank=True,
        related_name="+",
        verbose_name="terminée par",
    )
    # What the one link that opens it now is made with; empty once it has served.
    link = models.CharField(max_length=40, blank=True)
    link_ends_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField("entrée le", null=True, blank=True)

    objects = SupportAccessQuerySet.as_manager()

    class Meta:
        verbose_name = "assistance"
        verbose_name_plural = "assistances"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="support_has_a_reason",
                condition=Q(reason__regex=rf"\S.{{{SHORTEST_REASON - 2},}}\S"),
                violation_error_message="Dites en une phrase pourquoi.",
            ),
            models.CheckConstraint(
                name="support_lasts_four_hours_at_most",
                condition=Q(ends_at__gt=F("begins_at")) & Q(ends_at__lte=F("begins_at") + LONGEST),
                violation_error_message="Une assistance dure quatre heures au plus.",
            ),
            models.CheckConstraint(
                name="support_link_has_an_end",
                condition=Q(link="", link_ends_at=None) | (~Q(link="") & Q(link_ends_at__isnull=False)),
                violation_error_message="Un lien a une fin.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"assistance {self.pk}"

    @property
    def is_running(self) -> bool:
        """Whether it opens something now."""
        return self.ended_at is None and self.ends_at > timezone.now()

    @property
    def can_be_entered(self) -> bool:
        """Whether a link waits to be used."""
        return self.is_running and self.link_ends_at is not None and self.link_ends_at > timezone.now()

    @property
    def over_at(self) -> datetime:
        """When it ended, or ends by itself."""
        return min(self.ended_at or self.ends_at, self.ends_at)
