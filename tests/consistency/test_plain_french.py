"""What seniors read is plain: every text of the blueprints, and the pages that the site itself writes."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import textstat
from bs4 import BeautifulSoup
from django.conf import settings

from harness.databases import FIRST_TOWN

EASIEST_ALLOWED = 60  # Flesch, French weights: an administrative letter has 20, a talk between neighbours 100
LONGEST_MEAN = 15  # words a sentence
# Under this many words, one long word decides of all.
FEW_WORDS = 12
NOT_PROSE = frozenset({"type", "url", "icon", "page", "look", "brand_colour", "slug", "kind", "opening_hours"})
BLUEPRINTS = sorted((Path(settings.ROOT) / "tenants" / "blueprints").glob("*.toml"))


def strings(value: Any, key: str = "") -> Iterator[str]:
    """Every text of a TOML value that somebody reads."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)
    elif isinstance(value, str) and key not in NOT_PROSE:
        yield value


def prose(html: str) -> str:
    """The words of a text; each paragraph, title and item of a list ends a sentence."""
    ended = re.sub(r"</(p|li|h\d|dt|dd)>", ". ", html)
    flat = " ".join(BeautifulSoup(ended, "html.parser").get_text(" ").replace("\u00a0", " ").split())
    return re.sub(r"\s*([.?!:;])(\s*\.)+", r"\1", flat)


def sentences(text: str) -> list[str]:
    """The sentences; a colon lets the breath go, as a stop does."""
    return [one for one in re.split(r"[.?!:;…]+\s*", text) if one.strip()]


def hard_texts(texts: Iterator[str]) -> list[str]:
    """Those that are too hard, each with its score and its mean sentence."""
    textstat.set_lang("fr")
    hard = []
    for text in map(prose, texts):
        words = text.split()
        if len(words) < FEW_WORDS:
            continue
        ease, mean = textstat.flesch_reading_ease(text), len(words) / len(sentences(text))
        if ease < EASIEST_ALLOWED or mean > LONGEST_MEAN:
            hard.append(f"{ease:.0f}, {mean:.1f} mots : {text[:120]}")
    return hard


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_the_texts_of_a_blueprint_are_plain(path):
    assert hard_texts(strings(tomllib.loads(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", ["/donnees-personnelles/", "/accessibilite/"])
def test_the_pages_of_the_law_are_plain(path, db, visit):
    html = BeautifulSoup(visit(FIRST_TOWN).get(path).content, "html.parser")
    assert hard_texts(iter([str(html.select_one(".rich-text"))])) == []


def test_an_administrative_sentence_would_be_refused():
    letter = (
        "Préalablement à toute intervention, le bénéficiaire est tenu de procéder à la régularisation de sa situation "
        "administrative auprès des services compétents de la collectivité territoriale."
    )
    assert hard_texts(iter([letter]))
