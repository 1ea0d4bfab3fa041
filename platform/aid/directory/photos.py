"""The photo on a referent's page: agreed to for one photo, shown to everybody as long as it is that one."""

from typing import Any

from django.db.models.signals import post_delete

from aid.directory.models import Referent
from aid.photos.models import Photo


def register() -> None:
    """Called when the app is ready. Whoever takes a photo away, or puts another, deletes its row."""
    post_delete.connect(_photo_goes, sender=Photo, dispatch_uid="directory.photo_goes")


def _photo_goes(instance: Photo, **signal: Any) -> None:
    Referent.objects.filter(person=instance.person_id, shows_photo=True).update(shows_photo=False)
