"""What is left of a recent text, so as to know it again: numbers that no text can be read from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class RecentText(models.Model):
    """The sketch of a text published in the last days (aid.moderation.sketches); swept as newer ones come."""

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    author = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # what leads to nobody compares to nobody
        related_name="+",
        verbose_name="auteur",
    )
    sketch = ArrayField(models.IntegerField(), verbose_name="empreinte")
    at = models.DateTimeField("publié le")

    class Meta:
        verbose_name = "empreinte d’un texte"
        verbose_name_plural = "empreintes de textes"
        indexes = [models.Index(fields=["-at"], name="recent_text_by_date")]
        constraints = [
            models.UniqueConstraint(
                name="recent_text_is_one_a_subject",
                fields=["subject_kind", "subject_id"],
                violation_error_message="Ce texte est déjà connu.",
            ),
        ]

    def __str__(self) -> str:
        return f"empreinte {self.pk}"
