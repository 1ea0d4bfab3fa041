"""Where tiles may come from, and what stands on a map."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from themes.maps import MapView, Point, Tiles, allow_tiles, middle, validate_tiles

TILES = "https://cartes.exemple.example/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    "url", [TILES, "https://a.example:8443/t/{z}/{y}/{x}{r}.webp?k=1", "https://cartes.exemple.example/{x}-{y}-{z}"]
)
def test_tiles_come_from_one_host_in_https(url):
    validate_tiles(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://cartes.exemple.example/{z}/{x}/{y}.png",
        "//cartes.exemple.example/{z}/{x}/{y}.png",
        "https://{s}.exemple.example/{z}/{x}/{y}.png",
        "https://*.exemple.example/{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://moi:secret@exemple.example/{z}/{x}/{y}.png",
        "https://exemple.example/{z}/{x}.png",
        "https://exemple.example/{z}/{z}/{x}/{y}.png",
        "https://exemple.example/{z}/{x}/{y}/{token}",
        "https://exemple.example; script-src */{z}/{x}/{y}.png",
        "https://exemple.example 'unsafe-inline'/{z}/{x}/{y}",
        "https://exemple.example,x/{z}/{x}/{y}",
        "https://exemple..example/{z}/{x}/{y}",
        'https://exemple.example/{z}/{x}/{y}"onload="x',
        "https://exemple.example/{z}/{x}/{y}\nhttps://autre.example/",
        "data:image/png;base64,{z}{x}{y}",
        "javascript:alert({z},{x},{y})",
    ],
)
def test_anything_else_is_refused_in_french(url):
    with pytest.raises(ValidationError, match="https"):
        validate_tiles(url)


@given(st.text(max_size=60))
def test_whatever_passes_names_one_plain_origin(host):
    tiles = Tiles(f"https://{host}/{{z}}/{{x}}/{{y}}", "Moi")
    try:
        origin = tiles.origin
    except ValidationError:
        return
    assert set(origin.removeprefix("https://")) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-:")


def test_a_page_with_tiles_lets_its_own_images_in_and_no_other_page():
    allowed = allow_tiles(HttpResponse(), Tiles("https://a.example:8443/{z}/{x}/{y}.png", "Moi"))
    assert allowed._csp_update == {"img-src": ["https://a.example:8443"]}
    assert not hasattr(allow_tiles(HttpResponse(), None), "_csp_update")


def test_a_point_is_written_alike_in_every_language():
    nantes = SimpleNamespace(latitude=Decimal("47.21725"), longitude=Decimal("-1.55336"))
    assert Point.of(nantes).written == ("47.21725", "-1.55336")
    assert Point.of(SimpleNamespace(latitude=None, longitude=None)) is None
    assert middle([]) is None
    assert middle([Point(1, 2), Point(3, 4)]) == Point(2, 3)
    view = MapView("Carte", (("Rezé", Point(47.1, -1.5)),))
    assert view.dots == '[["Rezé",47.1,-1.5]]'
