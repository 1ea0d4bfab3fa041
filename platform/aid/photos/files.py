"""The files of photos: each goes once the row that named it has gone, whoever took it away."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.utils import timezone

from aid.people.models import private_storage
from aid.photos.models import FOLDER, Photo
from aid.privacy import retention

A_DAY = timedelta(days=1)


def register() -> None:
    """Called when the app is ready."""
    post_delete.connect(_file_goes, sender=Photo, dispatch_uid="photos.file_goes")
    retention.each_night(drop_strays)


def drop(name: str) -> None:
    """Delete a file, once what is being done is kept for good: a transaction that fails leaves it where it is."""
    transaction.on_commit(lambda: private_storage().delete(name))


@transaction.atomic
def drop_strays() -> int:
    """Delete the files that no photo names, left by a transaction that failed after they were written; how many.

    Those of the last day are left: theirs may not have ended.
    """
    older_than = timezone.now() - A_DAY
    storage = private_storage()
    if not storage.exists(FOLDER):
        return 0
    found = {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]}
    named = set(Photo.objects.values_list("file", flat=True))
    strays = [name for name in found - named if storage.get_modified_time(name) < older_than]
    for name in strays:
        storage.delete(name)
    return len(strays)


def _file_goes(instance: Photo, **signal: Any) -> None:
    drop(instance.file.name)
