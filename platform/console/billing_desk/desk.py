"""The desk: what there is to do, first; each part whole on a page of its own."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import billing_required
from console.billing_desk.todo import BY_SLUG, PARTS, Line, Moment, Part
from console.screens.common import page_of

SHOWN = 5


@dataclass(frozen=True)
class Shown:
    """A part as the desk shows it: how many, and the first ones."""

    part: Part
    count: int
    lines: list[Line]


@billing_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Every part, with its first lines."""
    at = Moment(timezone.now())
    found = [(part, list(part.find(at))) for part in PARTS]
    shown = [Shown(part, len(rows), [part.line(one) for one in rows[:SHOWN]]) for part, rows in found]
    context = {"waiting": [one for one in shown if one.count], "quiet": [one for one in shown if not one.count]}
    return render(request, "console/billing/desk.html", context | {"today": at.today})


@billing_required
@require_safe
def part(request: HttpRequest, slug: str) -> HttpResponse:
    """One part, whole."""
    asked = BY_SLUG.get(slug)
    if asked is None:
        raise Http404
    page = page_of(request, list(asked.find(Moment(timezone.now()))))
    context = {"part": asked, "page": page, "lines": [asked.line(one) for one in page]}
    return render(request, "console/billing/part.html", context)
