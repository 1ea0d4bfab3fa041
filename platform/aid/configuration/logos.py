"""A town's logo: drawn anew from what was uploaded, so that nothing else than its pixels is kept."""

import secrets
from typing import Any

from django import forms
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from PIL import Image, ImageOps

from core.pictures import as_bytes, read_picture

SIDE = 512
IN_HEADER = (480, 128)
ICON_SIZES = (192, SIDE)
# Home screens cut a maskable icon to a circle: what matters stays in its middle.
SAFE_SHARE = 0.62

HEADER_NAME = "entete.webp"
MASKABLE_NAME = f"icone-masquable-{SIDE}.png"


def icon_name(size: int) -> str:
    """The file name of a square icon."""
    return f"icone-{size}.png"


def square(picture: Image.Image, size: int, *, share: float = 1, background: str | None = None) -> Image.Image:
    """The picture in the middle of a square, on `share` of its side; transparent without a background."""
    room = max(1, round(size * share))
    fitted = ImageOps.contain(picture, (room, room))
    canvas = Image.new("RGBA", (size, size), background or (0, 0, 0, 0))
    canvas.alpha_composite(fitted, ((size - fitted.width) // 2, (size - fitted.height) // 2))
    return canvas


class LogoFormField(forms.FileField):
    """Takes a picture and gives it back redrawn."""

    def to_python(self, data: Any) -> File | None:
        """Redraw. Raises ValidationError."""
        upload = super().to_python(data)
        return upload and ContentFile(as_bytes(read_picture(upload, side=SIDE)), name="logo.png")


class LogoFile(ImageFieldFile):
    """The logo, and beside it what the header and home screens need."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        """Keep the file and those made from it."""
        super().save(name, content, save=save)
        content.seek(0)
        with Image.open(content) as found:
            picture = found.convert("RGBA")
        shown = picture.copy()
        shown.thumbnail(IN_HEADER)
        made = {HEADER_NAME: as_bytes(shown, "WEBP")}
        made |= {icon_name(size): as_bytes(square(picture, size)) for size in ICON_SIZES}
        made[MASKABLE_NAME] = as_bytes(square(picture, SIDE, share=SAFE_SHARE, background="white"))
        for sibling, bytes_ in made.items():
            self.storage.save(self._beside(sibling), ContentFile(bytes_))

    def url_of(self, sibling: str) -> str:
        """The address of one of the files made from the logo."""
        return self.storage.url(self._beside(sibling))

    def forget(self) -> None:
        """Remove the files; the row is not touched."""
        for name in ("logo.png", HEADER_NAME, MASKABLE_NAME, *map(icon_name, ICON_SIZES)):
            self.storage.delete(self._beside(name))

    def _beside(self, sibling: str) -> str:
        return f"{self.name.rpartition('/')[0]}/{sibling}"


def logo_path(instance: models.Model, filename: str) -> str:
    """A folder of its own for each logo: browsers keep files for a week, so a new logo has a new address."""
    return f"identite/{secrets.token_hex(6)}/logo.png"


class LogoField(models.ImageField):
    """A logo, redrawn on its way in."""

    attr_class = LogoFile

    def formfield(self, **kwargs: Any) -> forms.Field:
        """A field that redraws."""
        return models.FileField.formfield(self, form_class=LogoFormField, **kwargs)
