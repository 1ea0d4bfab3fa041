"""Newcomers, and who welcomes them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from aid.directory.models.referents import Referent
from aid.privacy.enums import Agreed


class WelcomeQuerySet(models.QuerySet):
    """The vocabulary of newcomers to welcome."""

    def with_persons(self) -> "WelcomeQuerySet":
        """Bring along the newcomer, and who welcomes them."""
        return self.select_related(
            "person__commune__commune", "person__district", "referent__person", "referent__account"
        )


class Welcome(models.Model):
    """A newcomer whom a referent welcomes. It is done when its follow-up is: this row says to whom it was entrusted."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(
        "people.Person",
        models.CASCADE,  # nobody is left to welcome
        related_name="welcome",
        verbose_name="personne",
    )
    referent = models.ForeignKey(
        Referent,
        models.CASCADE,  # the follow-up stays: somebody else welcomes
        related_name="welcomes_given",
        verbose_name="référent",
    )
    created_at = models.DateTimeField("confié le", auto_now_add=True)
    # The newcomer's number is given by an agent, once the newcomer agreed: how, when, by whom.
    number_agreed = models.CharField("accord pour le numéro", max_length=10, choices=Agreed, blank=True)
    number_given_at = models.DateTimeField("numéro donné le", null=True, blank=True)
    number_given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # that it was given outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="numéro donné par",
    )

    objects = WelcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "accueil"
        verbose_name_plural = "accueils"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="welcome_number_is_given_with_an_agreement",
                condition=Q(number_agreed="", number_given_at=None)
                | ~Q(number_agreed="") & Q(number_given_at__isnull=False),
                violation_error_message="Dites comment cette personne a donné son accord.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of either: this ends in logs."""
        return f"accueil {self.pk}"
