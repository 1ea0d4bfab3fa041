"""The verbs of photos: keep one, take it away. Each asks for an agreement, or ends it, and is kept in the journal."""

import contextlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction

from accounts.models import Account
from aid.people.models import Person
from aid.people.services import locked
from aid.photos.models import SIDE, Photo
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind, SeenOn
from aid.privacy.services import note_writing
from core.pictures import as_bytes, read_picture

GONE = "Cette personne n’est plus là."


@transaction.atomic
def keep_photo(person: Person, upload: File, *, how: Agreed | str, by_account: Account | None = None) -> Photo:
    """Keep somebody's photo, drawn anew, in place of the one before; and that they agreed to it, `how`.

    Without an account, they did it themselves. Raises ValidationError, under `file`, for what is not a picture that is
    kept (core.pictures), or for a person who died or was merged meanwhile.
    """
    try:
        content = ContentFile(as_bytes(read_picture(upload, side=SIDE), "JPEG"))
    except ValidationError as error:
        raise ValidationError({"file": error}) from error
    known = locked(person)
    if not known.is_living:
        raise ValidationError({"file": GONE})
    # A row of its own for each photo: its file goes with the former one.
    Photo.objects.filter(person=known).delete()
    photo = Photo(person=known, put_by=by_account)
    photo.file.save("", content)
    consents.give(known, kind=ConsentKind.PHOTO, how=how, by_account=by_account)
    _note(known, by_account)
    return photo


@transaction.atomic
def remove_photo(person: Person, *, how: Agreed | str, by_account: Account | None = None) -> None:
    """Take somebody's photo away: they do not agree to it any more. Where there is none, nothing is left to do."""
    known = locked(person)
    if not Photo.objects.filter(person=known).exists():
        return
    with contextlib.suppress(consents.NotGivenError):
        consents.withdraw(known, kind=ConsentKind.PHOTO, how=how, by_account=by_account)
    # It goes by the agreement that ends (aid.photos.agreeing); one without an agreement goes too.
    Photo.objects.filter(person=known).delete()
    _note(known, by_account)


def _note(person: Person, by_account: Account | None) -> None:
    by_person = person if by_account is None else None
    note_writing(person, screen=SeenOn.PHOTO, by_account=by_account, by_person=by_person)
