"""Confidential notes: what helps to accompany somebody well, and must not be read by chance."""

from django.conf import settings
from django.db import models

from aid.people.models import Person
from aid.vault.models import SealedManager, SealedText

LONGEST_NOTE = 2000


class NoteManager(SealedManager.from_queryset(models.QuerySet)):
    """The vocabulary of notes."""

    def about(self, person: Person) -> models.QuerySet["Note"]:
        """Those about somebody, with who wrote each, the last first."""
        return self.filter(person=person).select_related("sealed_with", "written_by").order_by("-pk")


class Note(SealedText):
    """One note about somebody, sealed. It is in no list, no search and no export but the person's own."""

    person = models.ForeignKey(
        Person,
        models.CASCADE,  # it speaks of nobody any more
        related_name="notes",
        verbose_name="personne",
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the note outlives the agent's account
        null=True,
        related_name="+",
        verbose_name="écrite par",
    )
    written_at = models.DateTimeField("écrite le", auto_now_add=True)

    objects = NoteManager()

    class Meta:
        verbose_name = "note confidentielle"
        verbose_name_plural = "notes confidentielles"

    def __str__(self) -> str:
        """Nothing of the note: this ends in logs."""
        return f"note {self.pk}"
