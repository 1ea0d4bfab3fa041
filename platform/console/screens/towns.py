"""The list of towns, and the page of each."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import staff_of_platform_required
from accounts.roles import may_operate
from aid.desk.views.frame import query_without_page
from billing.contracts import year_of
from billing.models import Contract, PricePeriod
from billing.periods import Period
from billing.pricing import Due
from billing.reckoning import NotReckonedError, owed
from console import listing, openings, suspending, timeline
from console.models.figures import AGE, DAYS
from console.screens.common import any_town, page_of
from core.text import tidy
from tenants import blueprints
from tenants.enums import TownState
from tenants.models import Town

MOST_COMMUNES = 12
LONGEST_NAME = 200


@require_safe
@staff_of_platform_required
def towns(request: HttpRequest) -> HttpResponse:
    """The towns of this platform, narrowed by what the address says."""
    asked = request.GET
    chosen = listing.Chosen(
        state=asked.get("etat", ""),
        name=tidy(asked.get("nom", ""))[:LONGEST_NAME],
        to_watch=asked.get("voir") == listing.TO_WATCH,
    )
    page = page_of(request, listing.towns(chosen))
    is_narrowed = any((chosen.state, chosen.name, chosen.to_watch))
    context = {
        "page": page,
        "lines": listing.lines(page.object_list, today=timezone.localdate()),
        "query": query_without_page(request),
        "chosen": chosen,
        "states": TownState.choices,
        "watched": [(listing.TO_WATCH, "Celles à surveiller")],
        "watch": listing.TO_WATCH if chosen.to_watch else "",
        "is_narrowed": is_narrowed,
        "counted_at": listing.last_counted(),
        "may_operate": may_operate(request.user),
        "openings": [] if is_narrowed or not may_operate(request.user) else openings.unfinished(),
        "days": DAYS,
    }
    return render(request, "console/towns.html", context)


@dataclass(frozen=True)
class Business:
    """The contract of a town as its page tells it: its price today, and its next year."""

    contract: Contract
    price: PricePeriod | None
    year: Period
    due: Due | None
    # Why it is not reckoned.
    missing: str = ""


@require_safe
@staff_of_platform_required
def town(request: HttpRequest, schema: str) -> HttpResponse:
    """A town: particulars, figures of the night, contract, and what happened to it."""
    shown = any_town(schema)
    today = timezone.localdate()
    (line,) = listing.lines(listing.towns(listing.Chosen()).filter(pk=shown.pk), today=today)
    communes = shown.communes.order_by("search_name")
    context = {
        "town": shown,
        "line": line,
        "communes": communes[:MOST_COMMUNES],
        "communes_count": communes.count(),
        "population": communes.aggregate(sum=Sum("population"))["sum"] or 0,
        "domains": shown.domains.order_by("-is_primary", "domain"),
        "blueprint": _title_of(shown),
        "business": _business(line.contract, today) if line.contract else None,
        "moments": timeline.moments(shown),
        "suspension": suspending.open_suspension(shown),
        "may_be_suspended": suspending.may_be_suspended(shown),
        "may_operate": may_operate(request.user),
        "age": AGE,
        "days": DAYS,
    }
    return render(request, "console/town.html", context)


def _title_of(shown: Town) -> str:
    """The name of a town's blueprint; one that is no longer there keeps its short name."""
    try:
        return blueprints.load(shown.blueprint).title
    except blueprints.UnknownBlueprintError:
        return shown.blueprint


def _business(contract: Contract, today: date) -> Business:
    """The year that begins next: that of today's end, or the first of a contract to come."""
    year = year_of(contract, max(today, contract.begins_on))
    if today >= contract.begins_on:
        year = year_of(contract, year.end)
    price = contract.prices.filter(starts_on__lte=max(today, contract.begins_on)).last()
    try:
        return Business(contract, price, year, owed(contract, year))
    except NotReckonedError as error:
        return Business(contract, price, year, None, str(error))
