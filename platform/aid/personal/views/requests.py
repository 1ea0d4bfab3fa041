"""A request of whom one acts for: where it stands, cancelling, thanking. For one's own, the link of its page serves."""

import contextlib
from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.help_requests import for_somebody
from aid.help_requests.enums import CANCEL, RequestState
from aid.help_requests.forms import ThanksForm
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import when_words
from aid.help_requests.transitions import NotAllowedError
from aid.help_requests.views import coming_again
from aid.help_requests.views.following import shown_to
from aid.personal.views.frame import Here, page_under_mandate
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
def cancel_request(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Ask once, then cancel."""
    shown = _hers(here, uid)
    back = reverse("personal:request", args=[uid])
    if request.method == "POST":
        # Where it may not be cancelled any more, the page that follows says so.
        with contextlib.suppress(NotAllowedError):
            for_somebody.cancel(here.mandate, shown)
        return redirect(back)
    if shown.state not in CANCEL.sources:
        return redirect(back)
    context = {"shown": shown, "when": when_words(shown.day, shown.hour, shown.moment), "back": back}
    return render(request, "aid/help_requests/cancel.html", context)


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
    if shown.state == RequestState.DONE:
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
    return get_object_or_404(HelpRequest.objects.with_list_related_data(), uid=uid, person=here.mandate.principal)


def _show(request: HttpRequest, shown: HelpRequest, form: ThanksForm, status: int = HTTPStatus.OK) -> HttpResponse:
    urls = {
        "cancel": reverse("personal:cancel_request", args=[shown.uid]),
        "thank": reverse("personal:thank_volunteer", args=[shown.uid]),
        "series": reverse("personal:series", args=[shown.uid]),
    }
    context = shown_to(shown, is_proved=True) | {"urls": urls, "form": form}
    return render(request, "aid/personal/request.html", context, status=status)
