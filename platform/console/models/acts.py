"""The journal of the console: who did what to which town, when, and why."""

from django.db import models
from django.db.models import Q

from accounts.models import Account
from console.enums import ActKind
from core.models import AppendOnly
from tenants.models import Town

LONGEST_WORDS = 500
# Words that somebody wrote, after what they are about.
LONGEST_ACT = 1000


class ConsoleAct(AppendOnly):
    """One act of an operator on a town. It outlives both: nobody may write in it again."""

    town = models.ForeignKey(
        Town, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", verbose_name="ville"
    )
    kind = models.CharField("acte", max_length=20, choices=ActKind)
    words = models.CharField("texte", max_length=LONGEST_ACT, blank=True)
    by_account = models.ForeignKey(
        Account, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", verbose_name="par le compte"
    )
    # As it was then: an account is closed some day, and keeps neither name nor address.
    by = models.CharField("par", max_length=254)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "acte de la console"
        verbose_name_plural = "actes de la console"
        ordering = ["pk"]
        indexes = [models.Index(fields=["town", "-id"], name="console_act_by_town")]
        constraints = [
            models.CheckConstraint(
                name="console_act_says_what_and_who",
                condition=Q(kind__in=ActKind.values) & ~Q(by=""),
                violation_error_message="Un acte dit ce qui est fait, et par qui.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.town_id})"
