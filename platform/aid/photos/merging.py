"""What becomes of photos when two cards of one person are made one (aid.privacy.merging)."""

from aid.people.models import Person
from aid.photos.models import Photo


def merge_photos(gone: Person, kept: Person) -> None:
    """Move the photo to the card that stays, where there is none; else that one stays, and the other goes."""
    theirs = Photo.objects.filter(person=gone)
    if Photo.objects.filter(person=kept).exists():
        theirs.delete()
    else:
        theirs.update(person=kept)
