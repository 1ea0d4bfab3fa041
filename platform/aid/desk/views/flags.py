"""What partners flag: the list, and one of them, from read to closed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aid.desk import access, lists
from aid.desk.forms.flags import LaterConsentForm, NoFollowUpForm
from aid.desk.forms.people import SearchForm
from aid.desk.views.entry import SEARCH, chosen_person, search_from
from aid.desk.views.frame import counted, desk_screen, page_of, query_without_page, show, taken_from
from aid.partners import contents, grids, services
from aid.partners.contents import Content
from aid.partners.enums import NoFollowUp
from aid.partners.models import Flag
from aid.people.models import Person
from aid.people.services import possible_duplicates
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from core.sealing import SealError

CLOSED = "clos"
LOST = "Ce signalement ne s’ouvre pas : la clé qui le protège manque. Prévenez Palier."


@dataclass(frozen=True)
class Line:
    """One flag of the list, with the name that it says; empty where it says none."""

    flag: Flag
    name: str


@desk_screen("follow_flags")
@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """Those that wait, the most urgent first; or those that are closed, the last first."""
    is_closed = request.GET.get("etat") == CLOSED
    page = page_of(request, lists.flags(request.user, is_closed=is_closed))
    context = {
        "page": page,
        "lines": [Line(flag, _name(flag)) for flag in page],
        "caption": counted(page, "signalement"),
        "query": query_without_page(request),
        "states": [(CLOSED, "Clos")],
        "chosen": CLOSED if is_closed else "",
    }
    return show(request, "aid/desk/flags.html", context, section="flags")


def _name(flag: Flag) -> str:
    """Who, as the partner wrote it, or as the card does."""
    if flag.person is not None:
        return flag.person.full_name
    said = _read(flag)
    return said.full_name if said else ""


def _read(flag: Flag) -> Content | None:
    try:
        return contents.read(flag)
    except SealError:
        return None


@dataclass
class Screen:
    """The page of a flag as it is drawn: what its forms hold, whom the search found, who was chosen."""

    leave: forms.Form
    consent: forms.Form
    search: forms.Form
    found: list[Person] | None = None
    chosen: Person | None = None


@desk_screen("follow_flags")
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a partner says of somebody, who it may be, and what is done."""
    shown = access.flag_of(request.user, uid)
    screen = Screen(leave=NoFollowUpForm(), consent=LaterConsentForm(), search=SearchForm())
    if SEARCH in request.POST:
        screen.search, screen.found = search_from(request)
    elif request.method == "POST":
        act = GESTURES.get(request.POST.get("geste", ""))
        try:
            done = act(request, shown, screen) if act else ""
        except services.NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
            return redirect("desk:flag", uid=uid)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("desk:flag", uid=uid)
        if done:
            messages.success(request, done)
            return redirect("desk:flag", uid=uid)
    screen.chosen = chosen_person(request) if shown.person is None else None
    return _draw(request, shown, screen)


def _take(request: HttpRequest, shown: Flag, screen: Screen) -> str:
    services.take(shown, by_account=request.user, from_account=taken_from(request, shown.in_hand_by))
    return "C’est noté : vous vous en occupez."


def _link(request: HttpRequest, shown: Flag, screen: Screen) -> str:
    person, consent = chosen_person(request), ""
    if not shown.has_consent:
        screen.consent = LaterConsentForm(request.POST)
        if not screen.consent.is_valid():
            return ""
        consent = screen.consent.cleaned_data["consent"]
    if person is None:
        return ""
    services.link(shown, person, by_account=request.user, consent=consent)
    return "C’est noté : le signalement mène à cette fiche."


def _create(request: HttpRequest, shown: Flag, screen: Screen) -> str:
    services.create_card(shown, by_account=request.user)
    return "La fiche est créée."


def _take_on(request: HttpRequest, shown: Flag, screen: Screen) -> str:
    services.take_on(shown, by_account=request.user)
    return "C’est noté. Le partenaire lit « pris en charge », et rien d’autre."


def _leave(request: HttpRequest, shown: Flag, screen: Screen) -> str:
    screen.leave = NoFollowUpForm(request.POST)
    if not screen.leave.is_valid():
        return ""
    services.leave(shown, reason=NoFollowUp(screen.leave.cleaned_data["reason"]), by_account=request.user)
    return "C’est noté. Le partenaire lit « sans suite », et rien d’autre."


GESTURES: dict[str, Callable[[HttpRequest, Flag, Screen], str]] = {
    "prendre": _take,
    "rattacher": _link,
    "creer": _create,
    "prise-en-charge": _take_on,
    "sans-suite": _leave,
}


def _draw(request: HttpRequest, shown: Flag, screen: Screen) -> HttpResponse:
    said = _read(shown)
    if shown.person is not None:
        note_reading(shown.person, screen=SeenOn.FOLLOWUP, by_account=request.user)
    maybe = _maybe(request, shown, said)
    for one in [*maybe, *([screen.chosen] if screen.chosen else [])]:
        note_reading(one, screen=SeenOn.ENTRY, by_account=request.user)
    errors = [form for form in (screen.leave, screen.consent) if form.errors]
    context = {
        "shown": shown,
        "said": said,
        "lost": LOST if said is None and shown.emptied_on is None else "",
        "is_mine": shown.in_hand_by == request.user,
        "handovers": services.handovers_of(shown),
        "answers": said.answered(grids.grid_of(shown.grid)) if said else [],
        "maybe": maybe,
        "leave_form": screen.leave,
        "consent_form": screen.consent,
        "form": errors[0] if errors else screen.leave,
        "search": screen.search,
        "found": screen.found,
        "person": screen.chosen,
        "here": reverse("desk:flag", args=(shown.uid,)),
    }
    return show(request, "aid/desk/flag.html", context, section="flags")


def _maybe(request: HttpRequest, shown: Flag, said: Content | None) -> list[Person]:
    """Who is perhaps known already, for who may see them; the partner never knows."""
    if said is None or shown.person is not None or not shown.is_waiting or not said.full_name:
        return []
    named: dict[str, Any] = {name: getattr(said, name) for name in ("first_name", "last_name", "phone", "birth_year")}
    return possible_duplicates(**named, among=access.persons_for(request.user))
