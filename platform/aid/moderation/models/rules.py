"""What the town looks for in public texts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from aid.moderation.enums import Effect, Family
from core.text import fold, tidy_lines

LONGEST_LIST = 8000
MOST_WORDS = 400
# These are found by signs, not by words.
WITHOUT_WORDS = (Family.CONTACT, Family.REPEATED)


class CheckRule(models.Model):
    """One family of things that the town looks for: its words, and what is done about them."""

    family = models.CharField(
        "ce qui est cherché",
        max_length=12,
        choices=[one for one in Family.choices if one[0] != Family.RETURNING],
        unique=True,
        error_messages={"unique": "Cette règle existe déjà."},
    )
    effect = models.CharField("ce qui est fait", max_length=10, choices=Effect, default=Effect.HOLD)
    words = models.TextField(
        "mots",
        max_length=LONGEST_LIST,
        blank=True,
        help_text="Un mot, ou quelques mots qui se suivent, par ligne. Accents, majuscules, pluriels et conjugaisons "
        "sont reconnus : « arnaque » trouve « arnaques ».",
    )

    class Meta:
        verbose_name = "règle de lecture"
        verbose_name_plural = "règles de lecture"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="check_rule_has_a_known_effect",
                condition=Q(effect__in=Effect.values),
                violation_error_message="Choisissez ce qui est fait dans la liste.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_family_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the list tidied."""
        self.words = tidy_lines(self.words)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Keep a list that can be read: no endless one, no words where none are looked for."""
        super().clean()
        self.words = tidy_lines(self.words)
        if len(self.lines) > MOST_WORDS:
            raise ValidationError({"words": f"Écrivez {MOST_WORDS} lignes au plus."})
        if self.words and self.family in WITHOUT_WORDS:
            raise ValidationError({"words": "Cette règle n’a pas de mots."})

    @property
    def lines(self) -> list[str]:
        """What is looked for, one expression each."""
        return [line for line in self.words.splitlines() if fold(line)]
