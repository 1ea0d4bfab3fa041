"""Following a request by its link: where it stands, cancelling, thanking. Reading a page changes nothing."""

import contextlib
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from aid.help_requests.access import request_of_link
from aid.help_requests.enums import CANCEL, GOING, LOOKING, RequestState
from aid.help_requests.forms import ThanksForm
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import cancel, thank
from aid.help_requests.times import when_words
from aid.help_requests.transitions import NotAllowedError
from core.link_pages import behind_a_link
from themes.brand import format_telephone


@behind_a_link
@require_http_methods(["GET"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where the request stands, in plain words."""
    shown, is_proved = request_of_link(token)
    return _show(request, token, shown, is_proved=is_proved, form=ThanksForm())


@behind_a_link
@require_http_methods(["GET", "POST"])
def cancel_request(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, then cancel."""
    shown, is_proved = request_of_link(token)
    if request.method == "POST":
        # Where it may not be cancelled any more, the page that follows says so.
        with contextlib.suppress(NotAllowedError):
            cancel(shown, by_person=shown.person if is_proved else None)
        return redirect("help_requests:follow", token)
    if shown.state not in CANCEL.sources:
        return redirect("help_requests:follow", token)
    back = reverse("help_requests:follow", args=[token])
    context = {"shown": shown, "when": when_words(shown.day, shown.hour, shown.moment), "back": back}
    return render(request, "aid/help_requests/cancel.html", context)


@behind_a_link
@require_POST
def thank_volunteer(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you."""
    shown, is_proved = request_of_link(token)
    form = ThanksForm(request.POST)
    if is_proved and shown.state == RequestState.DONE:
        if not form.is_valid():
            return _show(request, token, shown, is_proved=is_proved, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            thank(shown, words=form.cleaned_data["words"])
        except ValidationError as error:
            form.add_error("words", ValidationError(error.messages))
            return _show(request, token, shown, is_proved=is_proved, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("help_requests:follow", token)


def _show(
    request: HttpRequest,
    token: str,
    shown: HelpRequest,
    *,
    is_proved: bool,
    form: ThanksForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    urls = {name: reverse(f"help_requests:{name}", args=[token]) for name in ("cancel", "thank", "series")}
    context = shown_to(shown, is_proved=is_proved) | {"urls": urls, "form": form}
    return render(request, "aid/help_requests/follow.html", context, status=status)


def shown_to(shown: HelpRequest, *, is_proved: bool) -> dict[str, Any]:
    """What the page of a request says, but its form and where its buttons lead; for « mon espace » too.

    `is_proved`: whether who reads has proved whose telephone it is.
    """
    # Between the yes and the end, and to nobody else.
    volunteer = shown.volunteer.person if is_proved and shown.state in GOING else None
    return {
        "shown": shown,
        "when": when_words(shown.day, shown.hour, shown.moment),
        "state": _state_shown(shown, is_proved=is_proved),
        "may_cancel": shown.state in CANCEL.sources,
        "may_thank": is_proved and shown.state == RequestState.DONE and shown.volunteer and not shown.thanked_at,
        "comes_again": shown.series.recurrence.words if is_proved and shown.series else "",
        "volunteer": volunteer,
        "volunteer_phone": format_telephone(volunteer.phone) if volunteer else "",
        # Only to her, and to who asked themselves.
        "asked_by": shown.asked_by_person.first_name if is_proved and shown.asked_by_person else "",
    }


def _state_shown(shown: HelpRequest, *, is_proved: bool) -> str:
    """The state; for who has proved nothing, the same whether the town knew the number or not."""
    if not is_proved and shown.state in {RequestState.TO_CHECK, *LOOKING}:
        return "noted"
    return shown.state
