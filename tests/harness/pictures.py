"""Pictures that people send: drawn for the test, nobody's face."""

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

GPS, ORIENTATION, DESCRIPTION = 0x8825, 0x0112, 0x010E
SECRET = "48.8566 lieu secret"


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 800), mode: str = "RGB", **options: Any) -> bytes:
    """A picture in a file's format."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "#7a9e7e").convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def from_a_telephone(size: tuple[int, int] = (4000, 3000)) -> bytes:
    """A photo that lies on its side, and says where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, SECRET
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 23.0), 3: "E", 4: (2.0, 21.0, 7.0)})
    return picture("JPEG", size, exif=exif, comment=SECRET.encode())


def moving(kind: str) -> bytes:
    """Two pictures that follow each other."""
    first, second = (Image.new("RGB", (300, 300), colour) for colour in ("#7a9e7e", "#123456"))
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=[second])
    return buffer.getvalue()


def bomb(side: int = 14_200) -> bytes:
    """A PNG of two hundred megapixels, in a few kilobytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * (side // 8 + 1)) * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
# What is refused, by name: (content, what is said).
REFUSED = {
    "svg": (SVG, "PNG, JPEG ou WebP"),
    "html": (b"<html><script>alert(1)</script></html>", "PNG, JPEG ou WebP"),
    "disguised": (b"Ceci est un texte.", "PNG, JPEG ou WebP"),
    "gif": (picture("GIF"), "PNG, JPEG ou WebP"),
    "cut": (picture()[:400], "PNG, JPEG ou WebP"),
    "broken": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG, JPEG ou WebP"),
    "heavy": (b"\xff\xd8" + b"\0" * (5 * 1024 * 1024), "trop lourde"),
    "wide": (picture("PNG", (9000, 5000), "1"), "trop grande"),
    "bomb": (bomb(), "trop grande"),
    "moving_webp": (moving("WEBP"), "bouge"),
    "moving_png": (moving("PNG"), "bouge"),
}


def sent(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, picture() if content is None else content)
