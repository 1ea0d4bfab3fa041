"""A logo is drawn anew: its pixels stay, all else goes; what is not a picture is refused in French."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Picture

from aid.configuration import logos
from aid.configuration.brand import brand_of_town
from aid.configuration.models import Identity
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants.context import town_context
from tenants.registry import registry

SECRET = b"48.8566 secret place"


def upload(kind: str = "PNG", size: tuple[int, int] = (900, 300), mode: str = "RGB", **options) -> ContentFile:
    """A picture in a file's format."""
    buffer = io.BytesIO()
    Picture.new(mode, size, "#a33").save(buffer, kind, **options)
    return ContentFile(buffer.getvalue(), name=f"logo.{kind.lower()}")


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGB")]
)
def test_pictures_are_redrawn_at_512_pixels_at_most(kind, mode):
    buffer = io.BytesIO()
    Picture.new("RGB", (1600, 800), "#a33").convert(mode).save(buffer, kind)
    clean = logos.LogoFormField().clean(ContentFile(buffer.getvalue(), name="x"))
    with Picture.open(clean) as drawn:
        assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (512, 256), "RGBA")


def test_what_a_camera_wrote_is_gone_and_the_picture_stands_upright():
    exif = Picture.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET.decode()  # turned by a quarter; description
    clean = logos.LogoFormField().clean(upload("JPEG", exif=exif, comment=SECRET))
    content = clean.read()
    assert SECRET not in content
    with Picture.open(io.BytesIO(content)) as drawn:
        assert drawn.height > drawn.width
        assert not drawn.getexif()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "PNG, JPEG ou WebP"),
        (b"<html><script>alert(1)</script></html>", "PNG, JPEG ou WebP"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG, JPEG ou WebP"),
        (upload("GIF").read(), "PNG, JPEG ou WebP"),
        (upload("PNG").read()[:300], "PNG, JPEG ou WebP"),
        (b"\xff\xd8" + b"\0" * (5 * 1024 * 1024), "trop lourde"),
        (upload("PNG", size=(9000, 5000), mode="1").read(), "trop grande"),
    ],
    ids=["svg", "html", "broken", "gif", "cut", "heavy", "wide"],
)
def test_anything_else_is_refused_in_one_french_sentence(content, says):
    with pytest.raises(ValidationError, match=says):
        logos.LogoFormField().clean(ContentFile(content, name="logo.png"))


def test_a_logo_gives_the_header_and_the_icons_of_its_town_only(own_database, visit, rf):
    town, _ = registry.find(FIRST_TOWN)
    with town_context(town):
        identity = Identity.objects.get()
        identity.logo.save("x.png", logos.LogoFormField().clean(upload()), save=False)
        identity.logo_alt = "La ville"
        identity.save()
        first = identity.logo.name
        brand = brand_of_town(rf.get("/"))
        assert brand.logo_alt == "La ville"
    manifest = visit(FIRST_TOWN).get("/manifest.webmanifest").json()
    assert [(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]] == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    for icon in manifest["icons"]:
        content = b"".join(visit(FIRST_TOWN).get(icon["src"]).streaming_content)
        with Picture.open(io.BytesIO(content)) as drawn:
            assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
        assert visit(SECOND_TOWN).get(icon["src"]).status_code == 404
    assert visit(SECOND_TOWN).get("/manifest.webmanifest").json()["icons"][0]["type"] == "image/svg+xml"
    assert brand.icon_url in visit(FIRST_TOWN).get("/").content.decode()

    with town_context(town):
        identity.logo.save("x.png", logos.LogoFormField().clean(upload("WEBP")), save=False)
        identity.save()
    with town_context(town):
        assert identity.logo.name != first
        assert default_storage.exists(identity.logo.name)
        assert not default_storage.exists(first)
        folder = Path(default_storage.path(first)).parent
        assert not folder.exists() or list(folder.iterdir()) == []
        identity.logo, identity.logo_alt = "", ""
        identity.save()
    assert "brand__logo" not in visit(FIRST_TOWN).get("/").content.decode()


def test_a_logo_says_in_words_what_it_shows(town):
    identity = Identity.objects.get()
    identity.logo.name = "identite/x/logo.png"
    with pytest.raises(ValidationError, match="ce que montre le logo"):
        identity.full_clean()
