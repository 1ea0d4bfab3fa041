"""Looks: a closed list, each small, made of tokens only, its home page light."""

import gzip
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from aid.configuration.models import Identity
from harness.databases import FIRST_TOWN
from themes import views
from themes.looks import DRAWINGS, Look, drawing_of, stylesheet_of

FOLDER = Path(settings.ROOT) / "themes" / "static" / "themes" / "looks"
MOST_BYTES = 8_000
LIGHTEST_HOME, FEWEST_REQUESTS = 120_000, 15


def test_every_look_has_its_stylesheet_and_its_drawing_and_nothing_else_is_there():
    assert {path.stem for path in FOLDER.glob("*.css")} == set(Look.values) == set(DRAWINGS)
    assert len(set(DRAWINGS.values())) == len(Look)
    with pytest.raises(ValueError, match="dragon"):
        drawing_of("dragon")
    with pytest.raises(ValueError, match="dragon"):
        stylesheet_of("dragon")


@pytest.mark.parametrize("look", list(Look))
def test_a_look_is_small_and_picks_its_colours_from_the_tokens(look):
    css = (FOLDER / f"{look}.css").read_text()
    assert len(css.encode()) <= MOST_BYTES
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for declared in re.findall(r"(?:color|background|fill|stroke|border[\w-]*):([^;}]*)", rules):
        assert not re.search(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|white|black|red)\b", declared, re.IGNORECASE), (
            declared
        )
    assert "url(" not in rules
    assert "@import" not in rules


@pytest.mark.parametrize("look", list(Look))
def test_the_page_of_components_shows_each_look(rf: RequestFactory, look):
    html = views.components(rf.get("/composants/", {"allure": look})).content.decode()
    assert f'data-look="{look}"' in html
    assert html.count("/looks/") == 1
    assert f"looks/{look}" in html
    assert 'data-look="street"' in views.components(rf.get("/composants/", {"allure": "dragon"})).content.decode()


@pytest.mark.parametrize("look", list(Look))
def test_the_first_view_of_a_home_is_light(town, visit, look):
    Identity.objects.update(look=look)
    response = visit(FIRST_TOWN).get(f"/?{look}")
    page = BeautifulSoup(response.content, "html.parser")
    files = {
        link["href"]
        for link in page.select("link[rel=stylesheet], link[rel=preload], link[rel=icon], link[rel=manifest]")
    }
    files |= {use["href"].partition("#")[0] for use in page.select("use")}
    files |= {image["src"] for image in page.select("img")} | {script["src"] for script in page.select("script[src]")}
    weight = len(gzip.compress(response.content))
    for file in files:
        found = finders.find(file.removeprefix("/static/")) if file.startswith("/static/") else None
        content = Path(found).read_bytes() if found else visit(FIRST_TOWN).get(file).content
        weight += len(content if file.endswith("woff2") else gzip.compress(content))
    assert len(files) + 1 <= FEWEST_REQUESTS
    assert weight <= LIGHTEST_HOME
