"""The suspension of a town: asked by one operator, confirmed by another, ended by anyone of them."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Account
from console.enums import SuspensionReason, SuspensionState
from console.models.acts import LONGEST_WORDS
from tenants.models import Town

OPEN_STATES = (SuspensionState.ASKED, SuspensionState.IN_FORCE)
SHORTEST_WORDS = 15


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Vocabulary of suspensions."""

    def open(self) -> "SuspensionQuerySet":
        """Those that wait for a second operator, or that are in force."""
        return self.filter(state__in=OPEN_STATES)


class Suspension(models.Model):
    """Why a town does not answer for some time, and the two who decided it. A debt is never a reason."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="suspensions", verbose_name="ville")
    state = models.CharField("état", max_length=8, choices=SuspensionState, default=SuspensionState.ASKED)
    reason = models.CharField("motif", max_length=8, choices=SuspensionReason)
    words = models.CharField("explication", max_length=LONGEST_WORDS)
    asked_by = models.ForeignKey(Account, models.DO_NOTHING, related_name="+", verbose_name="demandée par")
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    confirmed_by = models.ForeignKey(
        Account, models.DO_NOTHING, null=True, blank=True, related_name="+", verbose_name="confirmée par"
    )
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    # Of who resumes, or gives the suspension up.
    ended_by = models.ForeignKey(
        Account, models.DO_NOTHING, null=True, blank=True, related_name="+", verbose_name="close par"
    )
    ended_at = models.DateTimeField("close le", null=True, blank=True)
    ending_words = models.CharField("explication de la fin", max_length=LONGEST_WORDS, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = "suspension"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="suspension_is_decided_by_two",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
                violation_error_message="Une suspension est confirmée par une autre personne que qui la demande.",
            ),
            models.CheckConstraint(
                name="suspension_in_force_was_confirmed",
                condition=Q(state__in=(SuspensionState.ASKED, SuspensionState.DROPPED), confirmed_by=None)
                & Q(confirmed_at=None)
                | Q(state__in=(SuspensionState.IN_FORCE, SuspensionState.ENDED), confirmed_by__isnull=False)
                & Q(confirmed_at__isnull=False),
                violation_error_message="Une suspension en cours a été confirmée.",
            ),
            models.CheckConstraint(
                name="suspension_that_is_over_says_why",
                condition=Q(state__in=OPEN_STATES, ended_by=None, ended_at=None, ending_words="")
                | Q(
                    state__in=(SuspensionState.DROPPED, SuspensionState.ENDED),
                    ended_by__isnull=False,
                    ended_at__isnull=False,
                )
                & ~Q(ending_words=""),
                violation_error_message="La fin d’une suspension dit par qui, et pourquoi.",
            ),
            models.CheckConstraint(
                name="suspension_has_a_reason",
                condition=Q(reason__in=SuspensionReason.values) & ~Q(words=""),
                violation_error_message="Une suspension a un motif de la liste, et une explication.",
            ),
            models.UniqueConstraint(
                name="town_has_one_open_suspension",
                fields=["town"],
                condition=Q(state__in=OPEN_STATES),
                violation_error_message="Cette ville a déjà une suspension demandée, ou en cours.",
            ),
        ]

    def __str__(self) -> str:
        return f"suspension {self.pk}"
