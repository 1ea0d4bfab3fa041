"""Who is a referent; and a newcomer between the town and who welcomes them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.abilities import get_abilities
from accounts.models import Account
from aid.configuration.services import rules
from aid.desk import access
from aid.desk.forms.directory import NumberForm, ReferentForm
from aid.desk.forms.people import SearchForm
from aid.desk.views.entry import SEARCH, add_errors, chosen_person, search_from
from aid.desk.views.frame import counted, desk_screen, page_of, query_without_page, show, tell_saved
from aid.directory import services
from aid.directory.searching import card_of
from aid.directory.welcoming import give_number
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

AGENT = "agent"
SECTION = "referents"


@desk_screen("see_directory")
@require_safe
def referents(request: HttpRequest) -> HttpResponse:
    """Everybody who is one, or will be."""
    page = page_of(request, access.referents())
    context = {
        "page": page,
        "cards": [card_of(one) for one in page],
        "caption": counted(page, "référent"),
        "query": query_without_page(request),
        "has_professionals": rules().has_professionals,
    }
    return show(request, "aid/desk/referents.html", context, section=SECTION)


@desk_screen("name_referents")
@require_http_methods(["GET", "HEAD", "POST"])
def name_referent(request: HttpRequest) -> HttpResponse:
    """Find a person, or choose somebody of the team; then what is shown of them."""
    who = _chosen(request)
    if SEARCH in request.POST:
        search, found = search_from(request)
        return _choose(request, search=search, found=found)
    if who is None:
        return _choose(request)
    form = ReferentForm(request.POST if request.method == "POST" else None, who=who)
    if form.is_valid():
        try:
            named = services.name_referent(who, by_account=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            tell_saved(request, named, f"C’est fait : {named.name} est dans l’annuaire.")
            return redirect("desk:referents")
    if isinstance(who, Person):
        note_reading(who, screen=SeenOn.ENTRY, by_account=request.user)
    context = {"form": form, "who": who, "is_person": isinstance(who, Person), "here": reverse("desk:name_referent")}
    return show(request, "aid/desk/referent_form.html", context, section=SECTION)


@desk_screen("name_referents")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_referent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is shown of a referent, and where."""
    shown = access.referent_of(uid)
    form = ReferentForm(request.POST if request.method == "POST" else None, who=shown)
    if form.is_valid():
        try:
            changed = services.change_referent(shown, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            tell_saved(request, changed, "C’est enregistré.")
            return redirect("desk:referents")
    return show(request, "aid/desk/referent_form.html", {"form": form, "shown": shown}, section=SECTION)


@desk_screen("name_referents")
@require_http_methods(["GET", "HEAD", "POST"])
def end_referent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Off the directory at once, once confirmed."""
    shown = access.referent_of(uid)
    if request.method == "POST":
        services.end(shown, by_account=request.user)
        messages.success(request, f"C’est fait : {shown.name} n’est plus dans l’annuaire.")
        return redirect("desk:referents")
    return show(request, "aid/desk/end_referent.html", {"shown": shown}, section=SECTION)


@desk_screen("open_desk")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A newcomer, who welcomes them, and giving this one the number of the other."""
    shown = access.welcome_of(request.user, uid)
    form = NumberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not get_abilities(request.user)["close_followups"]:
        raise Http404
    if form.is_valid():
        try:
            give_number(shown, agreed=form.cleaned_data["agreed"], by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"C’est fait : {shown.referent.name} voit maintenant ce numéro.")
            return redirect("desk:welcome", uid=uid)
    note_reading(shown.person, screen=SeenOn.FOLLOWUP, by_account=request.user)
    return show(request, "aid/desk/welcome.html", {"shown": shown, "form": form}, section="followups")


def _chosen(request: HttpRequest) -> Person | Account | None:
    """Whom the address or the form names: a person, or somebody of the team. Raises Http404."""
    uid = request.POST.get(AGENT) or request.GET.get(AGENT)
    if not uid:
        return chosen_person(request)
    found = next((one for one in access.colleagues() if str(one.uid) == uid), None)
    if found is None:
        raise Http404
    return found


def _choose(request: HttpRequest, *, search: SearchForm | None = None, found: list[Person] | None = None) -> Any:
    context = {
        "search": search or SearchForm(),
        "found": found,
        "here": reverse("desk:name_referent"),
        "team": [(one, one.get_full_name() or one.email or one.phone) for one in access.colleagues()],
    }
    return show(request, "aid/desk/choose_referent.html", context, section=SECTION)
