"""Pictures that people send: their pixels stay, all else goes; what is not one is refused in French."""

import contextlib
import io
import random

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

from core.pictures import as_bytes, read_picture
from harness.pictures import ORIENTATION, REFUSED, SECRET, from_a_telephone, moving, picture, sent


def read(content: bytes, side: int = 800) -> Image.Image:
    return read_picture(sent(content), side=side)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_telephone_wrote_of_the_place_is_gone_and_the_picture_stands_upright(kind):
    content = from_a_telephone()
    assert SECRET.encode() in content
    made = as_bytes(read(content), kind)
    assert SECRET.encode() not in made
    with Image.open(io.BytesIO(made)) as drawn:
        assert (drawn.format, drawn.size) == (kind, (600, 800))
        assert not drawn.getexif()
        assert not drawn.info.get("comment")


@pytest.mark.parametrize("held", range(10))
def test_however_the_telephone_was_held_the_picture_stands_upright(held):
    exif = Image.Exif()
    exif[ORIENTATION] = held
    drawn = Image.linear_gradient("L").resize((64, 32)).convert("RGB")
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG", exif=exif)
    with Image.open(buffer) as told:
        expected = ImageOps.exif_transpose(told).convert("RGBA")
    assert read(buffer.getvalue()).tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGB")]
)
def test_pictures_of_every_sort_are_read(kind, mode):
    buffer = io.BytesIO()
    drawn = Image.new("I;16", (1600, 800)) if mode == "I;16" else Image.new("RGB", (1600, 800), "#a33").convert(mode)
    drawn.save(buffer, kind)
    found = read(buffer.getvalue())
    assert (found.size, found.mode) == ((800, 400), "RGBA")


def test_a_small_picture_stays_small_and_what_shines_through_is_white():
    clear = Image.new("RGBA", (100, 50), (0, 0, 0, 0))
    buffer = io.BytesIO()
    clear.save(buffer, "PNG")
    with Image.open(io.BytesIO(as_bytes(read(buffer.getvalue()), "JPEG"))) as drawn:
        assert drawn.size == (100, 50)
        assert min(drawn.getpixel((5, 5))) > 250


def test_a_telephone_that_keeps_two_pictures_in_one_file_is_read():
    buffer = io.BytesIO()
    first, second = (Image.new("RGB", (400, 300), colour) for colour in ("#7a9e7e", "#123456"))
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    assert read(buffer.getvalue()).getpixel((5, 5))[:3] == pytest.approx((0x7A, 0x9E, 0x7E), abs=4)


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused_in_one_french_sentence(name):
    content, says = REFUSED[name]
    with pytest.raises(ValidationError, match=says):
        read(content)


# Pillow warns of what it skips.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_files_are_refused_and_never_break_us():
    chance = random.Random(33)
    for original in (from_a_telephone((400, 300)), picture("PNG"), picture("WEBP"), moving("WEBP")):
        for _ in range(400):
            broken = bytearray(original)
            for _ in range(chance.randint(1, 12)):
                broken[chance.randrange(min(len(broken), 600))] = chance.randrange(256)
            with contextlib.suppress(ValidationError):
                assert max(read(bytes(broken), side=64).size) <= 64
