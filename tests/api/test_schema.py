"""What is published of the API is what is checked in: a change is seen, and meant.

To write it again: `PALIER_REWRITE=1 .venv/bin/python -m pytest tests/api/test_schema.py`, then read the diff.
"""

import os
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from django.test import override_settings
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from harness.addresses import addresses_of
from harness.applications import API, caller

SNAPSHOT = Path(__file__).parent / "openapi.yaml"


@override_settings(ROOT_URLCONF="config.urls_town")
def drawn() -> tuple[dict, str]:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return schema, OpenApiYamlRenderer().render(schema, renderer_context={}).decode()


def test_the_schema_is_the_one_that_is_checked_in():
    schema, text = drawn()
    assert not GENERATOR_STATS, "the generator guesses something"
    validate_schema(schema)
    if os.environ.get("PALIER_REWRITE"):
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), "the API changed: see the top of this file"


def test_every_endpoint_is_in_it_and_is_told_in_french():
    schema, _ = drawn()
    served = {one.name for one in addresses_of("config.urls_town") if one.path.startswith(API)}
    named = {name for name in served if name not in {"api:schema"}}
    assert len(schema["paths"]) == len(named)
    for methods in schema["paths"].values():
        for told in methods.values():
            assert told["summary"]
            assert not told.get("description")


def test_the_schema_is_served_to_all(town):
    answer = caller().get(f"{API}schema/")
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() == yaml.safe_load(SNAPSHOT.read_text())["paths"].keys()


def test_a_page_tells_what_may_be_called(town):
    page = BeautifulSoup(caller().get("/api/").content, "html.parser")
    text = page.get_text(" ")
    for path in yaml.safe_load(SNAPSHOT.read_text())["paths"]:
        assert path in text
    for scope in ("requests:write", "flags:read"):
        assert scope in text
    for tag in page.find_all(["script", "link", "img"]):
        for name in ("src", "href"):
            assert not str(tag.get(name, "")).startswith("http")
