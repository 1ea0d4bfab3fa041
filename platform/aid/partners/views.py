"""The pages of partners: their way in, what they sent, and a flag to send."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import landing
from accounts.forms import ContactCodeForm
from accounts.roles import Role, roles_of
from aid.partners import access, contents, keeping, services
from aid.partners.enums import FlagState
from aid.partners.forms import refuse
from aid.partners.journey import BACK, FIRST, LAST, Journey
from aid.partners.models import PartnerContact
from core.link_pages import behind_a_link
from core.sealing import SealError

A_PAGE = 20
TONES = {FlagState.TAKEN_ON: "success", FlagState.NO_FOLLOW_UP: "neutral"}
NOT_KEPT = "Ce signalement n’a pas pu être gardé. Appelez-nous : nous le notons avec vous."
View = Callable[..., HttpResponse]


def partner_page(view: View) -> View:
    """Give a view the contact who is here. Strangers are led to the door; whoever is nobody's contact sees nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        contact = access.contact_of(request)
        if contact is not None:
            return view(request, contact, *args, **kwargs)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404

    guarded.guard = Role.PARTNER
    return never_cache(guarded)


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A personal link: it tells nothing and takes nothing before a code that its own reader gets.

    So a link that was forwarded opens nothing. A GET sends no code: whatever looks at a mail would.
    """
    contact = access.contact_of_link(token)
    if contact is None:
        raise Http404
    if not contact.has_link:
        return render(request, "aid/partners/expired.html", status=HTTPStatus.GONE)
    form, told = ContactCodeForm(), ""
    if "envoyer" in request.POST:
        if keeping.send_code(contact):
            return redirect(f"{request.path}?envoye")
        told = "Plusieurs codes sont déjà partis. Attendez une heure, ou appelez-nous."
    elif request.method == "POST":
        form = ContactCodeForm(request.POST)
        if form.is_valid():
            if keeping.check_code(contact, form.cleaned_data["code"]):
                access.let_in(request, contact)
                return redirect("partners:flags")
            form.refuse()
    context = {"form": form, "told": told, "was_sent": "envoye" in request.GET or form.is_bound}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "aid/partners/enter.html", context, status=status)


@partner_page
@require_safe
def flags(request: HttpRequest, contact: PartnerContact) -> HttpResponse:
    """« Mes signalements »: the day, initials, and what became of each. Nothing else is read again."""
    page = Paginator(access.flags_of(contact), A_PAGE).get_page(request.GET.get("page"))
    roles = roles_of(request.user) if request.user.is_authenticated else set()
    context = {
        "contact": contact,
        "page": page,
        "lines": [
            {
                "sent_at": flag.sent_at,
                "initials": _initials(flag),
                "state": flag.told_state,
                "tone": TONES.get(flag.state, "info"),
            }
            for flag in page
        ],
        "came_by_link": access.VIA_LINK in request.session,
        "space_url": landing.page_of(Role.RESIDENT) if Role.RESIDENT in roles else "",
    }
    return render(request, "aid/partners/flags.html", context)


def _initials(flag: Any) -> str:
    """Initials, as long as they are kept."""
    try:
        said = contents.read(flag)
    except SealError:
        said = None
    return said.initials if said else "–"


@partner_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_flag(request: HttpRequest, contact: PartnerContact) -> HttpResponse:
    """Three questions, one a page; the last one sends. Nothing typed is lost, and nothing is kept before."""
    journey = Journey(request.POST, contact)
    if request.method != "POST":
        return _show(request, journey, FIRST, journey.form(FIRST, bound=False))
    if BACK in request.POST:
        step = max(journey.step - 1, FIRST)
        return _show(request, journey, step, journey.form(step, bound=False))
    wrong = journey.first_wrong()
    if wrong is not None:
        return _show(request, journey, *wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if journey.step < LAST:
        return _show(request, journey, journey.step + 1, journey.form(journey.step + 1, bound=False))
    return _send(request, journey)


def _send(request: HttpRequest, journey: Journey) -> HttpResponse:
    grid, status = journey.form(LAST, bound=True), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        journey.send()
    except services.ClosedContactError:
        raise Http404 from None
    except services.LimitReachedError as error:
        refuse(grid, ValidationError(str(error)))
        status = HTTPStatus.TOO_MANY_REQUESTS
    except ValidationError as error:
        refuse(grid, error)
    except SealError:
        refuse(grid, ValidationError(NOT_KEPT))
    else:
        messages.success(request, "C’est envoyé. Merci : nous prenons le relais.")
        return redirect("partners:flags")
    return _show(request, journey, LAST, grid, status=status)


def _show(
    request: HttpRequest, journey: Journey, step: int, form: forms.Form, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "step": step,
        "last": LAST,
        "carried": journey.carried(step),
        "names_nobody": journey.names_nobody,
    }
    return render(request, "aid/partners/new_flag.html", context, status=status)


@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """End what a link opened in this browser."""
    access.let_out(request)
    return redirect("/")
