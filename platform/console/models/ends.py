"""The end of a contract, proposed by one person and not yet confirmed by another."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Account
from billing.models import Contract
from billing.models.contracts import LONGEST_WORDS


class EndProposal(models.Model):
    """What was proposed, by whom, and what became of it. The contract knows nothing of it until it is confirmed."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+", verbose_name="contrat")
    effective_on = models.DateField("se termine la veille du")
    referent = models.CharField("référent à la collectivité", max_length=200)
    words = models.CharField("motif", max_length=LONGEST_WORDS)
    proposed_by = models.ForeignKey(Account, models.DO_NOTHING, related_name="+", verbose_name="proposée par")
    proposed_at = models.DateTimeField("proposée le", auto_now_add=True)
    # Of who confirmed it, or gave it up.
    closed_by = models.ForeignKey(
        Account, models.DO_NOTHING, null=True, blank=True, related_name="+", verbose_name="close par"
    )
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    is_confirmed = models.BooleanField("confirmée", default=False)

    class Meta:
        verbose_name = "fin proposée"
        verbose_name_plural = "fins proposées"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_end_is_proposed_at_a_time",
                fields=["contract"],
                condition=Q(closed_at=None),
                violation_error_message="Une fin de ce contrat est déjà proposée.",
            ),
            models.CheckConstraint(
                name="end_is_confirmed_by_another",
                condition=Q(is_confirmed=False) | (Q(closed_by__isnull=False) & ~Q(closed_by=F("proposed_by"))),
                violation_error_message="Une fin est confirmée par une autre personne que qui la propose.",
            ),
        ]

    def __str__(self) -> str:
        return f"fin proposée {self.pk}"
