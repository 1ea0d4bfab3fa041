"""A request of whom one acts for: where it stands, choosing who goes, changing, cancelling, thanking.

For one's own, the link of its page serves.
"""

from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.help_requests import for_somebody
from aid.help_requests.access import requests_of
from aid.help_requests.forms import ThanksForm
from aid.help_requests.models import HelpRequest
from aid.help_requests.views import coming_again
from aid.help_requests.views.following import amending_page, cancelling_page, shown_to
from aid.personal.views.frame import Here, page_under_mandate
from aid.proposals.for_somebody import choose
from aid.proposals.views import choosing_page
from aid.relations.enums import Scope


@page_under_mandate(Scope.REQUESTS)
@require_safe
def follow(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Where it stands. It shows who comes: that it was read is kept."""
    shown = _hers(here, uid)
    for_somebody.follow(here.mandate, shown)
    return _show(request, shown, ThanksForm())


@page_under_mandate(Scope.REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_candidate(request: HttpRequest, here: Here, uid: UUID, candidate: str) -> HttpResponse:
    """Ask once, then choose who goes."""
    shown = _hers(here, uid)
    return choosing_page(
        request,
        shown,
        candidate,
        back=reverse("personal:request", args=[uid]),
        act=lambda proposal: choose(here.mandate, proposal),
    )


@page_under_mandate(Scope.REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def amend_request(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Change what was asked for."""
    shown = _hers(here, uid)
    back = reverse("personal:request", args=[uid])
    return amending_page(
        request, shown, back=back, act=lambda form: for_somebody.amend(here.mandate, shown, form.wanted())
    )


@page_under_mandate(Scope.REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_request(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Ask once, then cancel."""
    shown = _hers(here, uid)
    back = reverse("personal:request", args=[uid])
    return cancelling_page(
        request, shown, back=back, act=lambda form: for_somebody.cancel(here.mandate, shown, **form.said())
    )


@page_under_mandate(Scope.REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """What comes again: its days to come; a POST skips one, or ends it."""
    shown = _hers(here, uid)
    if shown.series is None:
        raise Http404
    return coming_again.page(
        request,
        shown.series,
        back=reverse("personal:request", args=[uid]),
        skip=lambda known, day: for_somebody.skip(here.mandate, known, day),
        end=lambda known: for_somebody.end(here.mandate, known),
    )


@page_under_mandate(Scope.REQUESTS)
@require_POST
def thank_volunteer(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Say thank you for her."""
    shown = _hers(here, uid)
    form = ThanksForm(request.POST)
    if shown.may_thank:
        if form.is_valid():
            try:
                for_somebody.thank(here.mandate, shown, words=form.cleaned_data["words"])
            except ValidationError as error:
                form.add_error("words", ValidationError(error.messages))
        if form.errors:
            return _show(request, shown, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("personal:request", uid=uid)


def _hers(here: Here, uid: UUID) -> HelpRequest:
    """A request of whom they act for; for nobody else, not even themselves. Raises Http404."""
    if here.mandate is None:
        raise Http404
    return get_object_or_404(requests_of(here.mandate.principal), uid=uid)


def _show(request: HttpRequest, shown: HelpRequest, form: ThanksForm, status: int = HTTPStatus.OK) -> HttpResponse:
    urls = {
        "follow": reverse("personal:request", args=[shown.uid]),
        "amend": reverse("personal:amend_request", args=[shown.uid]),
        "cancel": reverse("personal:cancel_request", args=[shown.uid]),
        "thank": reverse("personal:thank_volunteer", args=[shown.uid]),
        "series": reverse("personal:series", args=[shown.uid]),
    }
    # Writing to neighbours is by her own link: nobody does it in her place without a trace.
    context = shown_to(shown, is_proved=True) | {"urls": urls, "form": form, "messages_url": ""}
    return render(request, "aid/personal/request.html", context, status=status)
