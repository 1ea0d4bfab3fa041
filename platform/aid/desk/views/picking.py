"""Proposing a request to somebody in particular: who may be asked, ranked, with the reasons; a few are picked."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import changes_nothing
from aid.desk import access
from aid.desk.forms.people import SearchForm
from aid.desk.forms.picking import PickForm
from aid.desk.views.frame import desk_screen, show
from aid.help_requests.enums import LOOKING
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError
from aid.matching.terms import MOST, TERMS
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from aid.proposals import picking

A_PAGE = 20
MOST_ANSWERS = 50


@desk_screen("follow_requests")
@require_http_methods(["GET", "HEAD", "POST"])
@changes_nothing
def pick(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Volunteers, who fits best first; or whom a search finds, whatever they offer: that stays out of the address."""
    shown = access.request_of(request.user, uid)
    if shown.state not in LOOKING:
        return _too_late(request, shown)
    note_reading(shown.person, screen=SeenOn.REQUEST, by_account=request.user)
    theirs = access.volunteers_for(request.user)
    need = picking.need_for(shown)
    search = SearchForm(request.POST if request.method == "POST" else None)
    is_search = search.is_valid()
    if is_search:
        lines = picking.found(search.cleaned_data["texte"], shown, among=theirs, most=A_PAGE)
    else:
        lines = picking.ranked(shown, need, among=theirs)
    page = Paginator(lines, A_PAGE).get_page(1 if is_search else request.GET.get("page"))
    context = {
        "shown": shown,
        "page": page,
        "lines": picking.pickables(page.object_list, shown, need),
        "search": search,
        "is_search": is_search,
        "here": reverse("desk:pick", args=(uid,)),
        "answered": picking.answered(shown)[:MOST_ANSWERS],
        "terms": TERMS,
        "most": MOST,
    }
    return show(request, "aid/desk/pick.html", context, section="requests")


@desk_screen("follow_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask « are you sure? » of who was ticked, then have them asked."""
    shown = access.request_of(request.user, uid)
    if shown.state not in LOOKING:
        return _too_late(request, shown)
    theirs = access.volunteers_for(request.user)
    form = PickForm(
        request.POST if request.method == "POST" else request.GET,
        request=shown,
        among=picking.may_be_picked(shown, among=theirs, is_wide=True),
    )
    try:
        if not form.is_valid():
            raise ValidationError(form.errors["qui"])
        chosen = form.chosen
        if request.method == "POST":
            picking.propose_to(shown, chosen, by_account=request.user)
            names = ", ".join(one.person.full_name for one in chosen)
            messages.success(request, f"La demande est proposée à {names}.")
            return redirect("desk:request", uid=uid)
    except NotAllowedError as error:
        messages.warning(request, f"Rien n’a changé. {error}")
        return redirect("desk:request", uid=uid)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("desk:pick", uid=uid)
    context = {"shown": shown, "lines": picking.pickables(chosen, shown, picking.need_for(shown))}
    return show(request, "aid/desk/propose.html", context, section="requests")


def _too_late(request: HttpRequest, shown: HelpRequest) -> HttpResponse:
    messages.warning(request, f"Rien n’a changé : cette demande est {shown.state_said}.")
    return redirect("desk:request", uid=shown.uid)
