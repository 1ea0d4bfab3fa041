"""What a town itself writes in the books: the only rows that its window may add."""

from django.db import models
from django.db.models import Q

from billing.enums import TownActKind
from billing.models.contracts import LONGEST_WORDS, Contract
from billing.models.counts import CountSnapshot
from core.models import AppendOnly


class TownAct(AppendOnly):
    """An act of a town, that the operator's side reads and follows: a count contested, a number given."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="town_acts", verbose_name="contrat")
    kind = models.CharField("acte", max_length=10, choices=TownActKind)
    snapshot = models.ForeignKey(
        CountSnapshot, models.PROTECT, null=True, blank=True, related_name="town_acts", verbose_name="comptage"
    )
    year_starts_on = models.DateField("période qui commence le", null=True, blank=True)
    words = models.CharField("texte", max_length=LONGEST_WORDS)
    done_at = models.DateTimeField("fait le", auto_now_add=True)
    done_by = models.CharField("fait par", max_length=200)

    class Meta:
        verbose_name = "acte de la collectivité"
        verbose_name_plural = "actes de la collectivité"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="town_act_is_about_something",
                condition=Q(kind=TownActKind.CONTEST, snapshot__isnull=False, year_starts_on=None)
                | Q(kind=TownActKind.ENGAGEMENT, snapshot=None, year_starts_on__isnull=False),
                violation_error_message="Un acte est sur un comptage, ou sur une période.",
            ),
            models.CheckConstraint(
                name="town_act_says_something",
                condition=~Q(words="") & ~Q(done_by=""),
                violation_error_message="Écrivez quelques mots.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.contract_id})"
