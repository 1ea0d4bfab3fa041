"""What changed in the particulars of who buys and who sells: documents copy them, so who changed what is kept."""

from django.db import models
from django.db.models import Q

from billing.models.parties import Buyer
from billing.models.sellers import Seller
from core.models import AppendOnly


class PartyStep(AppendOnly):
    """Something that somebody wrote of a buyer or of a seller, its contacts and its VAT too."""

    buyer = models.ForeignKey(
        Buyer, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name="acheteur"
    )
    seller = models.ForeignKey(
        Seller, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name="vendeur"
    )
    # Of each thing: what it is, before, after; empty where there was nothing.
    changes = models.JSONField("changements")
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.CharField("par", max_length=200)

    class Meta:
        verbose_name = "changement d’un acheteur ou d’un vendeur"
        verbose_name_plural = "changements d’acheteurs et de vendeurs"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="party_step_is_of_one",
                condition=Q(buyer__isnull=False, seller=None) | Q(buyer=None, seller__isnull=False),
                violation_error_message="Un changement est d’un acheteur, ou d’un vendeur.",
            ),
            models.CheckConstraint(
                name="party_step_says_what_and_by_whom",
                condition=~Q(changes=[]) & ~Q(by=""),
                violation_error_message="Un changement dit ce qui change, et par qui.",
            ),
        ]

    def __str__(self) -> str:
        return f"changement {self.pk}"
