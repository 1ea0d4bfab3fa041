"""An opening asked from the console, until a worker that may open towns has done it."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Account
from console.enums import OpeningState
from tenants.models import Town
from tenants.opening import Request


class Opening(models.Model):
    """What was asked of an opening, and what became of it (console.openings)."""

    # Of the form: sent twice, it is the same opening.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("état", max_length=8, choices=OpeningState, default=OpeningState.WAITING)
    blueprint = models.SlugField("modèle", max_length=40)
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("nature", max_length=20, blank=True)
    communes = models.JSONField("communes", default=list)
    epci = models.CharField("intercommunalité", max_length=9, blank=True)
    departement = models.CharField("département", max_length=3, blank=True)
    subdomain = models.CharField("sous-domaine", max_length=63)
    telephone = models.CharField("téléphone", max_length=40)
    admin_email = models.EmailField("e-mail de la première personne qui administre")
    asked_by = models.ForeignKey(Account, models.DO_NOTHING, related_name="+", verbose_name="demandée par")
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    ended_at = models.DateTimeField("finie le", null=True, blank=True)
    invited_at = models.DateTimeField("invitation partie le", null=True, blank=True)
    # None until it is open, and once it is erased.
    town = models.ForeignKey(Town, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="ville")
    refusal = models.TextField("pourquoi elle est refusée", blank=True)

    class Meta:
        verbose_name = "ouverture"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="opening_says_how_it_ended",
                condition=Q(state=OpeningState.WAITING, ended_at=None, invited_at=None, town=None, refusal="")
                | Q(state=OpeningState.DONE, ended_at__isnull=False, refusal="")
                | Q(state=OpeningState.REFUSED, ended_at__isnull=False, invited_at=None, town=None) & ~Q(refusal=""),
                violation_error_message="Une ouverture refusée dit pourquoi.",
            )
        ]

    def __str__(self) -> str:
        return f"ouverture {self.pk}"

    @property
    def asked(self) -> Request:
        """As an opening takes it."""
        return Request(
            blueprint=self.blueprint,
            name=self.name,
            kind=self.kind,
            communes=self.communes,
            epci=self.epci,
            departement=self.departement,
            subdomain=self.subdomain,
            telephone=self.telephone,
            admin_email=self.admin_email,
        )
