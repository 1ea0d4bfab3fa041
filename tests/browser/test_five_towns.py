"""The first page of each blueprint, as its town opens: light, and for everybody, in its own look and colours."""

import gzip
from dataclasses import replace

import brotli
import pytest
from playwright.sync_api import Response

from console.demo.towns import DEMO_TOWNS
from core.text import slug
from harness.browsing import Screen, axe_findings, overflows, small_targets, small_type
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants.opening import open_town

pytestmark = pytest.mark.browser

HEAVIEST, MOST_REQUESTS = 120_000, 15
BLUEPRINTS = [asked.blueprint for asked in DEMO_TOWNS]
# As the proxy does (deploy/Caddyfile: gzip, its default level), and WhiteNoise to what it serves.
GZIP_LEVEL = 5
TEXTS = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")


@pytest.fixture(scope="module")
def hosts(live_server_url: str) -> dict[str, str]:
    """Where each blueprint's town answers: two are in every test database, the others open here."""
    known = {"bip-pop": FIRST_TOWN, "faire-compagnie": SECOND_TOWN}
    for asked in DEMO_TOWNS:
        if asked.blueprint not in known:
            opened = open_town(replace(asked, subdomain=slug(asked.name), admin_email="qui@exemple.example"))
            known[asked.blueprint] = opened.domain
    return known


def transferred(response: Response) -> int:
    """How many bytes a response's body takes on the way from a real installation."""
    body = response.body()
    if not response.headers.get("content-type", "").startswith(TEXTS):
        return len(body)
    is_static = "/static/" in response.url
    return len(brotli.compress(body) if is_static else gzip.compress(body, GZIP_LEVEL))


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_a_first_view_is_light(open_context, hosts, address, blueprint):
    host = address(hosts[blueprint])
    page = open_context(host, Screen()).new_page()
    responses: list[Response] = []

    def keep(response: Response) -> None:
        responses.append(response)

    page.on("response", keep)
    page.goto(host + "/", wait_until="networkidle")
    assert len(responses) <= MOST_REQUESTS
    weights = {response.url.removeprefix(host): transferred(response) for response in responses}
    assert sum(weights.values()) <= HEAVIEST, weights


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_each_look_suits_everybody(open_context, hosts, address, axe_source, blueprint):
    host, wrong = address(hosts[blueprint]), {}
    for screen in (Screen(1280, "light"), Screen(390, "dark", "lg")):
        page = open_context(host, screen).new_page()
        page.goto(host + "/")
        found = [*axe_findings(page, axe_source), *small_type(page), *small_targets(page), *overflows(page)]
        if found:
            wrong[str(screen)] = found
    assert wrong == {}
