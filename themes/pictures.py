"""Pictures in the sizes that pages show: WebP, with width and height so that nothing jumps."""

from dataclasses import dataclass

from wagtail.images.models import AbstractImage, SourceImageIOError

FORMAT = "format-webp|webpquality-72"


@dataclass(frozen=True)
class Picture:
    """What an `<img>` needs. An empty `alt` is a decorative picture's."""

    url: str
    width: int
    height: int
    alt: str


def picture(image: AbstractImage | None, size: str, *, alt: str) -> Picture | None:
    """The picture in a size of Wagtail's (`fill-640x360`); None without an image, or if its file is gone."""
    if image is None:
        return None
    try:
        rendition = image.get_rendition(f"{size}|{FORMAT}")
    except SourceImageIOError:
        return None
    return Picture(rendition.url, rendition.width, rendition.height, alt)
