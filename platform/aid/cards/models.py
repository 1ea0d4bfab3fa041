"""A volunteer's card, each time that somebody asked whether it is valid, and the word said at a senior's door.

What opens a card's page is its token, on its QR. The town keeps a fingerprint of it, which finds the card, and the
token itself sealed, to print it again: who has the database alone can make no card
(docs/decisions/2026-11-26-cards.md).
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from aid.cards.enums import Outcome, VoidReason
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.vault.models import SealedManager, SealedText
from core.models import AppendOnly


class CardManager(SealedManager.from_queryset(models.QuerySet)):
    """The vocabulary of cards."""

    def of_volunteer(self, volunteer: Volunteer) -> models.QuerySet["Card"]:
        """A volunteer's, the last first, with who made and who voided each."""
        return (
            self.filter(volunteer=volunteer)
            .select_related(None)
            .select_related("issued_by", "voided_by")
            .order_by("-pk")
        )

    def standing(self) -> models.QuerySet["Card"]:
        """Those that nobody voided."""
        return self.filter(void_at=None)

    def ending(self, *, within: datetime.timedelta) -> models.QuerySet["Card"]:
        """Those that stand, and whose last day is one of these that come, today among them."""
        today = timezone.localdate()
        return self.standing().filter(expires_on__range=(today, today + within))


class Card(SealedText):
    """One card of a volunteer. What is sealed is its token."""

    volunteer = models.ForeignKey(
        Volunteer,
        models.CASCADE,  # it says that somebody is a volunteer of the town
        related_name="cards",
        verbose_name="bénévole",
    )
    # Printed, and read aloud on the telephone. It opens nothing.
    number = models.CharField("numéro", max_length=7, unique=True)
    # SHA-256 of the token, in hexadecimal.
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    issued_at = models.DateTimeField("faite le", auto_now_add=True)
    # The last day on which it is valid.
    expires_on = models.DateField("valable jusqu’au")
    void_at = models.DateTimeField("annulée le", null=True, blank=True)
    void_reason = models.CharField("raison", max_length=10, choices=VoidReason, blank=True)
    # What agents did outlives their accounts.
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="faite par",
    )  # fmt: skip
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="annulée par",
    )  # fmt: skip

    objects = CardManager()

    class Meta:
        verbose_name = "carte de bénévole"
        verbose_name_plural = "cartes de bénévole"
        constraints = [
            models.UniqueConstraint(
                name="card_stands_once",
                fields=["volunteer"],
                condition=Q(void_at=None),
                violation_error_message="Ce bénévole a déjà une carte.",
            ),
            models.CheckConstraint(
                name="card_void_has_a_reason",
                condition=Q(void_at=None, void_reason="") | Q(void_at__isnull=False, void_reason__in=VoidReason.values),
                violation_error_message="Une carte annulée l’est pour une raison.",
            ),
        ]

    def __str__(self) -> str:
        """Its number, which opens nothing."""
        return f"carte {self.number}"


class CardScan(AppendOnly):
    """Somebody asked whether a card is valid: which, when, what was answered. Not who: nothing of them is kept."""

    # It outlives the card: its number stays, whatever becomes of it.
    card = models.ForeignKey(
        Card, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="scans", verbose_name="carte",
    )  # fmt: skip
    at = models.DateTimeField("le", auto_now_add=True)
    outcome = models.CharField("réponse", max_length=10, choices=Outcome)

    class Meta:
        verbose_name = "vérification d’une carte"
        verbose_name_plural = "vérifications des cartes"
        indexes = [models.Index(fields=["card", "-id"], name="card_scan_by_card")]
        constraints = [
            models.CheckConstraint(
                name="card_scan_has_an_answer",
                condition=Q(outcome__in=Outcome.values),
                violation_error_message="Cette réponse n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"vérification {self.pk}"


class SpokenWord(SealedText):
    """The word that somebody chose, said at their door by who comes from the town. Sealed, as notes are."""

    person = models.OneToOneField(
        Person,
        models.CASCADE,  # it protects nobody any more
        related_name="spoken_word",
        verbose_name="personne",
    )
    chosen_at = models.DateTimeField("choisi le", auto_now_add=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the word outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="noté par",
    )

    class Meta:
        verbose_name = "mot convenu"
        verbose_name_plural = "mots convenus"

    def __str__(self) -> str:
        """Nothing of it: this ends in logs."""
        return f"mot convenu {self.pk}"
