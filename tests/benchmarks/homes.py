"""The home page of a town: what it costs, how fast it is beside the bare project's, how fresh it is."""

import datetime
import json
import statistics
from collections.abc import Callable
from typing import Any

from benchmarks import place
from benchmarks.load import fetch, requests_per_second

from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from cms.pages.models import HomePage
from tenants.context import town_context
from tenants.registry import registry

Report = Callable[[str], None]
BARE_HOST = "bare.localhost"
# A query string keeps a page out of the memory of visitors' pages: it is rendered for each request.
RENDERED_PATH = "/?n={n}"


def statements(host: str) -> dict[str, int]:
    """The statements of a visit by a process that has just started, and of the next one."""
    answer = json.loads(place.run("-m", "benchmarks.queries", host))
    return {"home_queries_cold": len(answer["cold"]), "home_queries_warm": len(answer["warm"])}


def make_bare() -> float:
    """Make the bare project's database and its town; give the seconds that django-tenants took to open it."""
    from django.conf import settings

    from config.server_setup import ensure_database

    login = settings.PROVISIONING_DATABASE
    admin = {"host": login["HOST"], "user": login["USER"], "password": login["PASSWORD"]}
    ensure_database(admin, place.BARE_DATABASE)
    return float(place.run("-m", "bare.opening", environment=place.bare_environment()))


def is_fresh(port: int, host: str) -> bool:
    """Whether what this process publishes and records is in the very next answer of the server on `port`."""
    town, _ = registry.find(host)
    title, figure = "Un titre publié à l’instant", "heures données"
    before = fetch(port, host).decode()
    with town_context(town):
        home = HomePage.objects.get()
        home.hero_title = title
        home.save_revision().publish()
    published = fetch(port, host).decode()
    with town_context(town):
        record_fact(kind=FactKind.SERVICE_DONE, happened_on=datetime.date(2026, 11, 1), minutes=180)
    recorded = fetch(port, host).decode()
    if title in before or figure in before:
        raise RuntimeError("what is to be published is there already: the check would prove nothing")
    return title in published and figure in recorded


def measure(*, host: str, pairs: int, requests: int, report: Report) -> dict[str, Any]:
    """All figures about home pages: `requests` of each side, in `pairs` batches, one side after the other."""
    report("Requêtes de la page d’accueil…")
    figures: dict[str, Any] = statements(host)
    report("Le projet nu…")
    figures["bare_open_town_s"] = make_bare()
    batch = requests // pairs
    kept, bare, rendered = [], [], []
    with (
        place.gunicorn("config.wsgi:application") as ours,
        place.gunicorn("bare.wsgi:application", place.bare_environment()) as theirs,
    ):
        figures["home_is_fresh"] = is_fresh(ours, host)
        for port, name, path in ((ours, host, "/"), (ours, host, RENDERED_PATH), (theirs, BARE_HOST, "/")):
            requests_per_second(port, name, path, 40)
        for number in range(pairs):
            kept.append(requests_per_second(ours, host, "/", batch))
            bare.append(requests_per_second(theirs, BARE_HOST, "/", batch))
            rendered.append(requests_per_second(ours, host, RENDERED_PATH, batch // 4))
            report(f"  {number + 1}/{pairs} : {kept[-1]:.0f}, nu {bare[-1]:.0f}, sans mémoire {rendered[-1]:.0f} /s")
    return figures | {
        "home_requests": batch * pairs,
        "home_rps": statistics.median(kept),
        "home_rps_bare": statistics.median(bare),
        "home_rps_ratio": statistics.median(one / other for one, other in zip(kept, bare, strict=True)),
        "home_rps_rendered": statistics.median(rendered),
    }
