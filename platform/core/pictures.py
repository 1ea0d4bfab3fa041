"""The one reader of pictures that people send: drawn anew, so that nothing else than their pixels is kept."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from PIL import Image

READ_FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000  # a file of a few kB may unfold into gigabytes
# A JPEG with a second picture behind the first, as some telephones write: it does not move.
STILL_ALL_THE_SAME = "MPO"
# How a camera says that it was held on its side (EXIF 2.3, tag 274), and what puts its picture upright.
ORIENTATION = 274
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_picture(upload: File, *, side: int) -> Image.Image:
    """The picture of an uploaded file, upright, `side` pixels at most, stripped of all but its pixels.

    Raises ValidationError, in French, for what is not a picture that browsers show safely.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError("Cette image est trop lourde : choisissez-en une de 5 Mo au plus.", "too_heavy")
    try:
        upload.seek(0)
        with Image.open(upload, formats=READ_FORMATS) as found:
            _refuse_what_is_too_much(found)
            # A large JPEG unfolds at a half, a quarter or an eighth of its size: memory goes with what is kept.
            found.draft(None, (2 * side, 2 * side))
            turn = _turn(found)
            upright = found.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except ValidationError:
        raise
    except Exception as error:  # whatever a decoder makes of broken bytes
        raise ValidationError("Choisissez une image PNG, JPEG ou WebP.", "not_a_picture") from error
    upright.thumbnail((side, side))
    if turn is not None:
        upright = upright.transpose(turn)
    # A new picture: texts, places and profiles of the old one stay behind.
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    return clean


def as_bytes(picture: Image.Image, kind: str = "PNG") -> bytes:
    """The picture in a file's format; what shines through is white where the format has no transparency."""
    buffer = io.BytesIO()
    options: dict[str, Any] = {"optimize": True}
    if kind == "WEBP":
        options = {"quality": 88}
    elif kind == "JPEG":
        options = {"quality": 86, "optimize": True}
        behind = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(behind, picture.convert("RGBA")).convert("RGB")
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _refuse_what_is_too_much(found: Image.Image) -> None:
    if found.width * found.height > MOST_PIXELS:
        raise _too_large()
    if getattr(found, "is_animated", False) and found.format != STILL_ALL_THE_SAME:
        raise ValidationError("Cette image bouge : choisissez-en une qui ne bouge pas.", "animated")


def _turn(found: Image.Image) -> Image.Transpose | None:
    """What puts a picture upright; what its camera wrote may be broken, the picture is there."""
    try:
        return UPRIGHT.get(found.getexif().get(ORIENTATION))
    except Exception:  # noqa: BLE001 (whatever a decoder makes of broken bytes)
        return None


def _too_large() -> ValidationError:
    return ValidationError("Cette image est trop grande : réduisez-la, puis recommencez.", "too_large")
