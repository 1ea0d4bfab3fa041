"""Blueprints: complete, distinct, and refused when they say what no page shows."""

import copy
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from aid.configuration.models import AccessibilityStatement, Identity, KindOfHelp, Rules
from cms import blueprint as cms_blueprint
from cms.pages.models import ContentPage, HomePage
from cms.pages.news import NewsPage
from tenants import blueprints
from tenants.blueprints import BlueprintContentError
from themes.looks import Look

# What no page may promise before it exists.
NOT_YET = ("agenda", "forum", "annuaire", "la carte", "application")
PUBLIC_SITES = (
    "www.pour-les-personnes-agees.gouv.fr", "www.service-public.fr", "solidarites.gouv.fr", "www.francebenevolat.org",
    "www.monalisa-asso.fr", "www.francetravail.fr", "www.fun-mooc.fr", "www.ameli.fr",
)  # fmt: skip


def told() -> dict[str, dict]:
    """All of them, as they are written."""
    folder = Path(settings.ROOT) / "tenants" / "blueprints"
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")}


def changed(slug: str, change) -> blueprints.Blueprint:
    """A blueprint, with one thing changed."""
    known = blueprints.load(slug)
    sections = copy.deepcopy(known.sections)
    change(sections)
    return blueprints.Blueprint(known.slug, known.title, known.kind, sections)


def test_no_two_blueprints_look_or_speak_alike():
    every = told()
    for key in ("brand_colour", "tagline"):
        assert len({one["configuration"][key] for one in every.values()}) == len(every), key
    for key in ("hero_title", "hero_text"):
        assert len({one["cms"][key] for one in every.values()}) == len(every), key
    orders = {tuple(section["type"] for section in one["cms"]["sections"]) for one in every.values()}
    assert len(orders) == len(every)
    # There are fewer looks than blueprints: each is worn by one of them at least.
    assert {one["configuration"]["look"] for one in every.values()} == set(Look)


@pytest.mark.parametrize("slug", blueprints.slugs())
def test_a_blueprint_is_complete_and_promises_only_what_works(slug):
    one = told()[slug]
    assert 3 <= len(one["configuration"]["kinds"]) <= 9
    assert len(one["cms"]["news"]) >= 1
    assert 3 <= sum(page.get("menu", False) for page in one["cms"]["pages"]) <= 4
    types = {section["type"] for section in one["cms"]["sections"]}
    assert {"steps", "kinds", "figures", "telephone", "news", "call"} <= types
    text = str(one).lower()
    assert [word for word in NOT_YET if word in text] == []
    urls = [
        link["url"]
        for page in one["cms"]["pages"]
        for section in page.get("sections", [])
        for link in section.get("links", [])
    ]
    assert len(urls) >= 4
    assert [url for url in urls if url.split("/")[2] not in PUBLIC_SITES] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s["cms"].update(agenda="bientôt"), "agenda"),
        (lambda s: s["cms"]["pages"][0].update(slgu="x"), "slgu"),
        (lambda s: s["cms"]["news"][0].update(date="2030-01-01"), "date"),
        (lambda s: s["cms"]["sections"].append({"type": "forum"}), "forum"),
        (lambda s: s["cms"]["sections"][0].update(titel="x"), "titel"),
        (lambda s: s["cms"]["sections"][1]["steps"][0].update(image="x"), "image"),
        (lambda s: s["cms"]["sections"][1]["steps"][0].update(title="x" * 61), "title"),
    ],
)
def test_what_no_page_can_show_is_refused(town, change, says):
    with pytest.raises(BlueprintContentError, match=says):
        cms_blueprint.fill(changed("bip-pop", change))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s["configuration"].update(colour="#000000"), "colour"),
        (lambda s: s["configuration"]["kinds"][0].update(minutes=3), "minutes"),
        (lambda s: s["configuration"].update(rules={"sms": 3}), "sms"),
    ],
)
def test_a_setting_that_does_not_exist_is_refused(town, change, says):
    from aid.configuration import blueprint as configuration_blueprint

    for model in (AccessibilityStatement, Identity, Rules, KindOfHelp):
        model.objects.all().delete()
    with pytest.raises(BlueprintContentError, match=says):
        configuration_blueprint.fill(changed("bip-pop", change))


def test_a_town_opens_with_its_pages_and_its_first_news_of_the_day(town):
    assert list(ContentPage.objects.live().order_by("path").values_list("slug", flat=True)) == [
        "comment-ca-marche",
        "devenir-benevole",
        "liens-utiles",
        "nous-joindre",
    ]
    assert NewsPage.objects.live().count() == 1
    invitation = next(block for block in HomePage.objects.get().body if block.block_type == "call")
    assert invitation.value["page"] == ContentPage.objects.get(slug="devenir-benevole").pk
