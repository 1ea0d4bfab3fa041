"""A photo of somebody: one each, drawn anew from what was sent, without an address of its own."""

import secrets

from django.conf import settings
from django.db import models

from aid.people.models import Person, private_storage

FOLDER = "photos"
SIDE = 800  # pixels at most


def photo_path(instance: models.Model, filename: str) -> str:
    """A name that says nothing, and another at each photo: whatever kept the former one shows nothing."""
    return f"{FOLDER}/{secrets.token_hex(16)}.jpg"


class Photo(models.Model):
    """The photo of one person. Its file goes with its row (aid.photos.files)."""

    person = models.OneToOneField(
        Person,
        models.CASCADE,  # it shows nobody any more
        related_name="photo",
        verbose_name="personne",
    )
    file = models.FileField("fichier", storage=private_storage, upload_to=photo_path, max_length=60)
    put_at = models.DateTimeField("mise le", auto_now_add=True)
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the photo outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mise par",
    )

    class Meta:
        verbose_name = "photo"
        verbose_name_plural = "photos"

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"photo {self.pk}"
