"""Documents that prove a step: checked on their way in, kept where nothing has an address."""

import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction

from aid.people.models import private_storage
from core.pdf_files import is_whole_pdf, looks_like_pdf
from core.pictures import MOST_BYTES, as_bytes, read_picture

SIDE = 2400  # a page is read with ease
NOT_A_DOCUMENT = "Choisissez un document PDF, ou une photo JPEG, PNG ou WebP."


def checked(upload: File) -> ContentFile:
    """What is kept of an uploaded document, under a name that says nothing of anybody.

    A photo is drawn anew: places, profiles and texts of the old one stay behind. A PDF is kept as it came, and given
    back to be saved only, never shown. Raises ValidationError (« proof »), in French.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError({"proof": "Ce document est trop lourd : choisissez-en un de 5 Mo au plus."})
    upload.seek(0)
    content = upload.read()
    if looks_like_pdf(content):
        if not is_whole_pdf(content):
            raise ValidationError({"proof": "Ce PDF est incomplet : envoyez-le de nouveau."})
        return ContentFile(content, name=f"{secrets.token_hex(12)}.pdf")
    try:
        picture = read_picture(upload, side=SIDE)
    except ValidationError as error:
        refusal = NOT_A_DOCUMENT if error.code == "not_a_picture" else error
        raise ValidationError({"proof": refusal}) from error
    return ContentFile(as_bytes(picture, "JPEG"), name=f"{secrets.token_hex(12)}.jpg")


def forget(names: Iterable[str]) -> None:
    """Remove files, once the transaction is kept; the rows are the caller's."""
    storage = private_storage()
    for name in filter(None, names):
        transaction.on_commit(lambda name=name: storage.delete(name))
