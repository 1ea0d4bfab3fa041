"""Following a request by its link: where it stands, changing, cancelling, thanking. Reading a page changes nothing."""

import contextlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from aid.configuration.enums import Mode
from aid.configuration.services import rules
from aid.help_requests.access import request_of_link
from aid.help_requests.amending import AMENDABLE, amend, was_asked_again
from aid.help_requests.change_forms import AmendForm, CancelForm
from aid.help_requests.company import Company, company_of
from aid.help_requests.enums import CANCEL, GOING, LOOKING, OVER, RequestState
from aid.help_requests.feedback import how_it_went, is_asked_how, say_how_it_went
from aid.help_requests.forms import ThanksForm, WentBadlyForm
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import cancel, thank
from aid.help_requests.texts import FOLLOW
from aid.help_requests.times import when_words
from aid.help_requests.transitions import NotAllowedError
from core.french import listed
from core.link_pages import behind_a_link
from core.links import token_for
from themes.brand import format_telephone

FormOf = TypeVar("FormOf", bound=Form)


@behind_a_link
@require_http_methods(["GET"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where the request stands, in plain words."""
    shown, is_proved = request_of_link(token)
    return _show(request, token, shown, is_proved=is_proved, form=ThanksForm())


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def amend_request(request: HttpRequest, token: str) -> HttpResponse:
    """Change what was asked for. Only for who has proved whose telephone it is: anybody may type somebody else's."""
    shown, is_proved = request_of_link(token)
    if not is_proved:
        raise Http404
    back = reverse("help_requests:follow", args=[token])
    return amending_page(
        request, shown, back=back, act=lambda form: amend(shown, form.wanted(), by_person=shown.person)
    )


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_request(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, then cancel."""
    shown, is_proved = request_of_link(token)
    by_person = shown.person if is_proved else None
    back = reverse("help_requests:follow", args=[token])
    return cancelling_page(
        request, shown, back=back, act=lambda form: cancel(shown, by_person=by_person, **form.said())
    )


def amending_page(
    request: HttpRequest, shown: HelpRequest, *, back: str, act: Callable[[AmendForm], object]
) -> HttpResponse:
    """What is asked for, to be changed; for « mon espace » too. Where it may not change any more, back to its page."""
    form = AmendForm(request.POST if request.method == "POST" else None, request=shown)
    if shown.state not in AMENDABLE or _is_done(form, act):
        return redirect(back)
    context = {"shown": shown, "form": form, "back": back, "is_agreed": shown.state in GOING}
    return render(request, "aid/help_requests/amend.html", context, status=_status(form))


def cancelling_page(
    request: HttpRequest, shown: HelpRequest, *, back: str, act: Callable[[CancelForm], object]
) -> HttpResponse:
    """Are you sure, and why; for « mon espace » too. Where it may not be cancelled any more, back to its page."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    if shown.state not in CANCEL.sources or _is_done(form, act):
        return redirect(back)
    context = {"shown": shown, "form": form, "when": when_words(shown.day, shown.hour, shown.moment), "back": back}
    return render(request, "aid/help_requests/cancel.html", context, status=_status(form))


def _is_done(form: FormOf, act: Callable[[FormOf], object]) -> bool:
    """Whether it was done, or it is too late for it: the page that follows says which. Errors go beside the fields."""
    if not form.is_valid():
        return False
    try:
        # Each verb is its own transaction.
        with contextlib.suppress(NotAllowedError):
            act(form)
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


def _status(form: Form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@behind_a_link
@require_POST
def thank_volunteer(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you."""
    shown, is_proved = request_of_link(token)
    form = ThanksForm(request.POST)
    if is_proved and shown.may_thank:
        if not form.is_valid():
            return _show(request, token, shown, is_proved=is_proved, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            thank(shown, words=form.cleaned_data["words"])
        except ValidationError as error:
            form.add_error("words", ValidationError(error.messages))
            return _show(request, token, shown, is_proved=is_proved, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("help_requests:follow", token)


@behind_a_link
@require_POST
def say_how(request: HttpRequest, token: str) -> HttpResponse:
    """Say that it went well; or that it did not, and why."""
    shown, is_proved = request_of_link(token)
    if is_proved and is_asked_how(shown):
        went_well = request.POST.get("answer") == "yes"
        how = WentBadlyForm(None if went_well else request.POST)
        if not went_well and not how.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _show(request, token, shown, is_proved=is_proved, form=ThanksForm(), how=how, status=status)
        words = "" if went_well else how.cleaned_data["words"]
        # Closed between the two lines, the page that follows says so.
        with contextlib.suppress(NotAllowedError):
            say_how_it_went(shown, went_well=went_well, words=words, by_person=shown.person)
    return redirect("help_requests:follow", token)


def _show(
    request: HttpRequest,
    token: str,
    shown: HelpRequest,
    *,
    is_proved: bool,
    form: ThanksForm,
    how: WentBadlyForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    names = ("follow", "amend", "cancel", "thank", "how", "series")
    urls = {name: reverse(f"help_requests:{name}", args=[token]) for name in names}
    context = shown_to(shown, is_proved=is_proved) | {"urls": urls, "form": form}
    if is_proved and is_asked_how(shown):
        context |= {"how": how or WentBadlyForm(), "how_it_went": how_it_went(shown)}
    return render(request, "aid/help_requests/follow.html", context, status=status)


def shown_to(shown: HelpRequest, *, is_proved: bool) -> dict[str, Any]:
    """What the page of a request says, but its form and where its buttons lead; for « mon espace » too.

    `is_proved`: whether who reads has proved whose telephone it is.
    """
    company = company_of(shown) if is_proved else Company()
    # Numbers between the last yes and the end, and to nobody else; before, who has said yes already.
    going = company.going if shown.state in GOING else ()
    return {
        "shown": shown,
        "when": when_words(shown.day, shown.hour, shown.moment),
        "state": _state_shown(shown, is_proved=is_proved),
        "is_asked_again": is_proved and shown.state == RequestState.PROPOSED and was_asked_again(shown),
        "may_amend": is_proved and shown.state in AMENDABLE,
        "may_cancel": shown.state in CANCEL.sources,
        "may_thank": is_proved and shown.may_thank,
        "comes_again": shown.series.recurrence.words if is_proved and shown.series else "",
        "messages_url": _nearby_url(shown, "messages") if is_proved else "",
        "leave_url": _nearby_url(shown, "leave") if is_proved else "",
        "going": [(one.person, one.shown_name, format_telephone(one.person.phone)) for one in going],
        "names": listed([one.shown_name for one in company.going]) if company.going else "",
        "company": company,
        # Apart, and paid: never among volunteers.
        "professionals_url": _professionals_url(shown) if shown.state not in OVER else "",
        # Only to her, and to who asked themselves.
        "asked_by": shown.asked_by_person.first_name if is_proved and shown.asked_by_person else "",
    }


def _nearby_url(shown: HelpRequest, name: str) -> str:
    """Where who asks writes to neighbours of their choice, or leaves it to the town; "" in other modes."""
    is_written = shown.mode == Mode.DIRECT and shown.state in LOOKING
    return reverse(f"nearby:{name}", args=[token_for(FOLLOW, shown.pk)]) if is_written else ""


def _state_shown(shown: HelpRequest, *, is_proved: bool) -> str:
    """The state; for who has proved nothing, the same whether the town knew the number or not."""
    if not is_proved and shown.state in {RequestState.TO_CHECK, *LOOKING}:
        return "noted"
    return shown.state


def _professionals_url(shown: HelpRequest) -> str:
    shows = shown.kind.shows_professionals and rules().has_professionals
    return reverse("directory:professionals") if shows else ""
