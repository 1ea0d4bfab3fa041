"""Documents that prove a step: checked on their way in, kept where nothing has an address."""

import io
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from aid.people.models import private_storage

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000  # a file of a few kB may unfold into gigabytes
SIDE = 2400  # a page is read with ease
QUALITY = 85
PDF_BEGINS, PDF_ENDS = b"%PDF-", b"%%EOF"
TAIL = 2048
READ_FORMATS = ("PNG", "JPEG")
NOT_A_DOCUMENT = "Choisissez un document PDF, ou une photo JPEG ou PNG."


def checked(upload: File) -> ContentFile:
    """What is kept of an uploaded document, under a name that says nothing of anybody.

    A photo is drawn anew: places, profiles and texts of the old one stay behind. A PDF is kept as it came, and given
    back to be saved only, never shown. Raises ValidationError (« proof »), in French.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError({"proof": "Ce document est trop lourd : choisissez-en un de 5 Mo au plus."})
    upload.seek(0)
    content = upload.read()
    if content.startswith(PDF_BEGINS):
        if PDF_ENDS not in content[-TAIL:]:
            raise ValidationError({"proof": "Ce PDF est incomplet : envoyez-le de nouveau."})
        return ContentFile(content, name=f"{secrets.token_hex(12)}.pdf")
    return ContentFile(_redrawn(content), name=f"{secrets.token_hex(12)}.jpg")


def forget(names: Iterable[str]) -> None:
    """Remove files, once the transaction is kept; the rows are the caller's."""
    storage = private_storage()
    for name in filter(None, names):
        transaction.on_commit(lambda name=name: storage.delete(name))


def _redrawn(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=READ_FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise ValidationError({"proof": "Cette photo est trop grande : réduisez-la, puis recommencez."})
            upright = ImageOps.exif_transpose(found).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError({"proof": NOT_A_DOCUMENT}) from error
    upright.thumbnail((SIDE, SIDE))
    # A new picture: what was written in the old one stays behind.
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    buffer = io.BytesIO()
    clean.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
