"""Opening a town from a form: typed, read again with the address that is proposed, asked, followed."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import operator_required
from console import openings
from console.communes import SEARCH
from console.enums import OpeningState
from console.models import Opening
from console.town_forms import OpeningForm
from tenants import addresses, blueprints
from tenants.addresses import url_at

OPEN, AGAIN = "ouvrir", "relancer"


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_town(request: HttpRequest) -> HttpResponse:
    """The form: searched in, read again, or sent. It is opened once its reader has seen the address."""
    gesture = request.POST.get("geste", "")
    if request.method != "POST":
        return _draw(request, OpeningForm(initial=_again(request)))
    sent = _known(request.POST.get("uid", "")) if gesture == OPEN else None
    if sent is not None:
        return redirect("console:opening", uid=sent.uid)
    if gesture == SEARCH:
        return _draw(request, OpeningForm.as_typed(request.POST))
    form = OpeningForm(request.POST)
    if not form.is_valid() or form.plan is None:
        return _draw(request, form)
    if gesture == OPEN and form.cleaned_data["subdomain"]:
        asked = openings.ask(form.opening, by=request.user)
        return redirect("console:opening", uid=asked.uid)
    label = form.plan.domain.domain.removesuffix(f".{settings.PLATFORM_DOMAIN}")
    ready = {"plan": form.plan, "population": sum(one.population or 0 for one in form.plan.communes)}
    ready |= {"address": url_at(form.plan.domain.domain), "admin_email": form.cleaned_data["admin_email"]}
    return _draw(request, OpeningForm.as_typed(request.POST, subdomain=label, search=""), **ready)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where an opening stands: waiting for the worker, done, or refused, and why; one that is stuck is taken again."""
    shown = Opening.objects.select_related("town", "asked_by").filter(uid=uid).first()
    if shown is None:
        raise Http404
    if request.POST.get("geste") == AGAIN:
        messages.success(request, "C’est relancé." if openings.ask_again(shown) else "C’est déjà en route.")
        return redirect("console:opening", uid=uid)
    domain = shown.town.domains.get(is_primary=True).domain if shown.town else addresses.domain_of(shown.subdomain)
    context = {
        "opening": shown,
        "address": url_at(domain),
        "is_waiting": shown.state == OpeningState.WAITING,
        "is_late": timezone.now() > shown.asked_at + openings.LATE_AFTER,
        "is_stuck": openings.is_stuck(shown),
    }
    return render(request, "console/opening.html", context)


def _known(uid: str) -> Opening | None:
    try:
        return Opening.objects.filter(uid=UUID(uid)).first()
    except ValueError:
        return None


def _again(request: HttpRequest) -> dict[str, Any]:
    """What a refused opening had asked, to be corrected."""
    former = _known(request.GET.get("reprendre", ""))
    if former is None:
        return {}
    kept = ("blueprint", "name", "kind", "communes", "epci", "departement", "subdomain", "telephone", "admin_email")
    return {name: getattr(former, name) for name in kept} | {"uid": uuid4()}


def _draw(request: HttpRequest, form: OpeningForm, **more: Any) -> HttpResponse:
    models = [
        {
            "option": option,
            "title": blueprint.title,
            "colour": blueprint.section("configuration").get("brand_colour", ""),
            "tagline": blueprint.section("configuration").get("tagline", ""),
            "hero_title": blueprint.section("cms").get("hero_title", ""),
            "told": blueprints.preview(blueprint),
        }
        for option, (_, blueprint) in zip(form["blueprint"].subwidgets, form.previews, strict=True)
    ]
    context = {"form": form, "models": models, "platform": settings.PLATFORM_DOMAIN, "plan": None, **more}
    return render(request, "console/open_town.html", context)
