"""The town's charter: each version as it was read and signed."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from aid.onboarding.charters import Block, blocks
from core.models import AppendOnly

LONGEST_CHARTER = 20_000


class Charter(AppendOnly):
    """One version of the charter, as it was published. The last one is the town's; a word changed makes another."""

    number = models.PositiveSmallIntegerField("version", unique=True)
    text = models.TextField("texte", max_length=LONGEST_CHARTER)
    published_at = models.DateTimeField("publiée le", default=timezone.now, editable=False)
    # Who had signed the version before goes on until then.
    asked_from = models.DateField("à signer avant le")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,  # what was published outlives the account, and nobody may write in it again
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="publiée par",
    )

    class Meta:
        verbose_name = "charte"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="charter_says_something",
                condition=~Q(text=""),
                violation_error_message="Une charte a un texte.",
            ),
        ]

    def __str__(self) -> str:
        return f"charte, version {self.number}"

    @property
    def blocks(self) -> list[Block]:
        """The text as it is laid out, on screen as on paper."""
        return blocks(self.text)

    @property
    def digest(self) -> str:
        """What the page that is read sends back: another text has another digest."""
        return hashlib.sha256(self.text.encode()).hexdigest()
