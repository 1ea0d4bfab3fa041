"""A request by telephone, in one screen."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import changes_nothing
from aid.desk import access, services
from aid.desk.forms.entry import EntryForm, from_search
from aid.desk.forms.people import SearchForm
from aid.desk.views.frame import desk_screen, show
from aid.people.models import Person
from aid.people.services import search_people
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

MOST_FOUND = 8
LOOKING = {
    "desk:new_request",
    "desk:new_volunteer",
    "desk:people",
    "desk:add_relation",
    "desk:name_referent",
    "desk:flag",
    "desk:person_blocks",
}
# What the forms of this room send along with what was typed.
CHOSEN, SEARCH, KEEP = "personne", "chercher", "garder"
# The button next to somebody who resembles what was typed.
IS_HER = "c_est_elle"


class Screen(NamedTuple):
    """A screen that begins by looking for somebody: its template, the name of its address, its entry in the menu."""

    template: str
    address: str
    section: str


SCREEN = Screen("aid/desk/new_request.html", "desk:new_request", "new")


@desk_screen("enter_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest) -> HttpResponse:
    """Find or create who phones, and write down what for.

    One address, three answers to a POST: `chercher` looks for somebody, `garder` and `c_est_elle` draw the screen again
    with what was typed, anything else enters the request. A name or a number never ends in an address.
    """
    person = chosen_person(request)
    if SEARCH in request.POST:
        search, found = search_from(request)
        form = EntryForm(
            by_account=request.user, person=person, initial=from_search(search.data["texte"]) if not found else None
        )
        return draw(request, form, person, search=search, found=found, screen=SCREEN)
    if is_kept(request):
        form = EntryForm(by_account=request.user, person=person, initial=initial_of(person) | typed(request))
        return draw(request, form, person, screen=SCREEN)
    if request.method != "POST":
        form = EntryForm(by_account=request.user, person=person, initial=initial_of(person))
        return draw(request, form, person, screen=SCREEN)
    form = EntryForm(request.POST, by_account=request.user, person=person)
    if form.is_valid():
        try:
            entered = services.enter_request(person=form.whom(), by_account=request.user, **form.what())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "La demande est enregistrée.")
            return redirect("desk:request", uid=entered.uid)
    return draw(request, form, person, screen=SCREEN)


def draw(
    request: HttpRequest,
    form: Form,
    person: Person | None,
    *,
    screen: Screen,
    search: SearchForm | None = None,
    found: list[Person] | None = None,
) -> HttpResponse:
    """Draw such a screen: its form, whom the search found, who was chosen."""
    if person is not None:
        note_reading(person, screen=SeenOn.ENTRY, by_account=request.user)
    context = {
        "form": form,
        "person": person,
        "search": search or SearchForm(),
        "found": found,
        "here": reverse(screen.address),
    }
    return show(request, screen.template, context, section=screen.section)


@desk_screen("open_desk")
@require_POST
@changes_nothing
def find_people(request: HttpRequest) -> HttpResponse:
    """The persons found so far, as a fragment of a page: for the search that follows what is typed."""
    _, found = search_from(request)
    here = request.POST.get("ici", "")
    context = {"found": found, "here": here if _looks_for_somebody(here) else reverse("desk:people")}
    return show(request, "aid/desk/found.html", context, section="")


def _looks_for_somebody(path: str) -> bool:
    """Whether a path is one of the screens that begin by looking for somebody."""
    try:
        return resolve(path).view_name in LOOKING
    except Resolver404:
        return False


def search_from(request: HttpRequest) -> tuple[SearchForm, list[Person] | None]:
    """The search that was sent, and whom it found; None where nothing could be looked for."""
    search = SearchForm({"texte": request.POST.get("texte", "")})
    text = search.cleaned_data["texte"] if search.is_valid() else ""
    if not text:
        return search, None
    return search, search_people(text, limit=MOST_FOUND, among=access.persons_for(request.user))


def chosen_person(request: HttpRequest) -> Person | None:
    """Who « c’est elle » chose. Raises Http404 for nobody whom this account may see, and DeceasedError."""
    chosen = request.POST.get(IS_HER) or request.POST.get(CHOSEN) or request.GET.get(CHOSEN)
    if not chosen:
        return None
    try:
        person = access.person_of(request.user, UUID(chosen))
    except access.MergedError as merged:
        person = access.person_of(request.user, merged.card.uid)
    except ValueError:
        return None
    if person.deceased_on is not None:
        raise access.DeceasedError(person)
    return person


def initial_of(person: Person | None) -> dict[str, Any]:
    """Where somebody known lives, so that it is never asked twice."""
    if person is None:
        return {}
    home = {"commune": person.commune_id, "district": person.district_id, "address": person.address}
    return {name: value for name, value in home.items() if value}


def is_kept(request: HttpRequest) -> bool:
    """Whether somebody was chosen, with what was typed to keep."""
    return KEEP in request.POST or IS_HER in request.POST


def typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed so far, to draw it again without a word about what is missing; of several boxes, all."""
    lists = {name: [value for value in values if value] for name, values in request.POST.lists()}
    return {name: values if len(values) > 1 else values[0] for name, values in lists.items() if values}


def add_errors(form: Any, error: ValidationError) -> None:
    """Put each error of a service next to its field, else at the top."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, texts in by_field.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
