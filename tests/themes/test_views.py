"""Colours, icon, manifest, text size: what browsers ask besides pages."""

import json

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from config import csp
from themes import views
from themes.brand import PLATFORM_BRAND, Brand
from themes.samples import SampleForm, component_samples
from themes.stylesheet import compute_version, render_stylesheet


def request_for(rf: RequestFactory, path: str, brand: Brand = PLATFORM_BRAND, **extra: str) -> HttpRequest:
    """A request whose brand is already known, as if a provider had answered."""
    request = rf.get(path, **extra)
    request.palier_brand = brand
    return request


def test_colours_are_kept_for_ever_only_under_their_own_hash(rf: RequestFactory) -> None:
    version = compute_version(PLATFORM_BRAND.brand_colour)
    named = views.stylesheet(request_for(rf, f"/theme.css?v={version}"))
    stale = views.stylesheet(request_for(rf, "/theme.css?v=0123456789ab"))
    assert named["Cache-Control"] == "public, max-age=31536000, immutable"
    assert stale["Cache-Control"] == "public, max-age=300"
    assert named.content == stale.content
    assert named["Content-Type"] == "text/css; charset=utf-8"


def test_two_colours_have_two_stylesheets_and_two_versions() -> None:
    green, yellow = "#0B6E4F", "#FFC20E"
    assert "--ds-color-accent-base-default:#ffc20e;" in render_stylesheet(yellow)
    assert "#ffc20e" not in render_stylesheet(green)
    assert compute_version(green) != compute_version(yellow)


def test_text_size_is_kept_in_a_cookie_and_comes_back(rf: RequestFactory) -> None:
    response = views.choose_text_size(rf.get("/taille-du-texte/", {"taille": "lg", "suite": "/agenda/?page=2"}))
    assert (response.status_code, response["Location"]) == (302, "/agenda/?page=2")
    cookie = response.cookies["taille_du_texte"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"], cookie["domain"]) == ("lg", "Lax", True, "")


@pytest.mark.parametrize("suite", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_text_size_never_leads_to_another_host(rf: RequestFactory, suite: str) -> None:
    response = views.choose_text_size(rf.get("/taille-du-texte/", {"taille": "lg", "suite": suite}))
    assert response["Location"] == "/"


def test_an_unknown_text_size_changes_nothing(rf: RequestFactory) -> None:
    response = views.choose_text_size(rf.get("/taille-du-texte/", {"taille": "enorme", "suite": "/"}))
    assert not response.cookies


def test_manifest_and_icon_carry_the_name_and_the_colour(rf: RequestFactory) -> None:
    brand = Brand(name="Étang & <Lune>", brand_colour="#FFC20E")
    manifest = json.loads(views.manifest(request_for(rf, "/manifest.webmanifest", brand)).content)
    assert (manifest["name"], manifest["theme_color"]) == ("Étang & <Lune>", "#FFC20E")
    icon = views.icon(request_for(rf, "/icone.svg", brand)).content.decode()
    assert ">É</text>" in icon
    assert 'fill="#000000"' in icon


def test_no_component_carries_a_style_or_a_script(rf: RequestFactory) -> None:
    context = component_samples() | {"form": SampleForm(data={})}
    html = render_to_string("themes/components.html", context, request=request_for(rf, "/composants/"))
    for forbidden in (" style=", "<style", "<script", "onclick", "http://", "//cdn"):
        assert forbidden not in html.replace("http://www.w3.org/2000/svg", ""), forbidden
    assert "Il reste 2 points à corriger" in html


def test_the_page_of_a_crash_needs_no_context_and_no_request() -> None:
    assert "Ce n’est pas de votre fait" in render_to_string("500.html")


def test_a_closed_town_keeps_its_telephone() -> None:
    number = {"telephone": "+33199001234", "telephone_display": "01\u00a099\u00a000\u00a012\u00a034"}
    with_number = render_to_string("suspended.html", {"name": "Val-de-Lune", "opening_hours": ""} | number)
    assert 'href="tel:+33199001234"' in with_number
    without = render_to_string("suspended.html", {"name": "Val-de-Lune", "telephone": ""})
    assert "tel:" not in without
    assert "mairie" in without


@pytest.mark.parametrize(("path", "is_relaxed"), [("/gestion/pages/", True), ("/", False), ("/gestionnaire/", False)])
def test_only_the_back_office_allows_inline_scripts(rf: RequestFactory, path: str, is_relaxed: bool) -> None:
    answer = CSPMiddleware(csp.back_office_policy(lambda _request: HttpResponse("ok")))
    policy = answer(rf.get(path))["Content-Security-Policy"]
    assert ("script-src 'self' 'unsafe-inline'" in policy) is is_relaxed
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
