"""Volunteers: the list, admitting one, pausing and ending."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.desk import access, lists, services
from aid.desk.forms.entry import from_search
from aid.desk.forms.people import VolunteerForm
from aid.desk.views.entry import SEARCH, Screen, add_errors, chosen_person, draw, is_kept, search_from, typed
from aid.desk.views.frame import counted, desk_screen, filtered, filters, page_of, show
from aid.onboarding import services as onboarding
from aid.onboarding.enums import MOVES, VolunteerState

SCREEN = Screen("aid/desk/new_volunteer.html", "desk:new_volunteer", "volunteers")


@desk_screen("open_desk")
@require_safe
def volunteers(request: HttpRequest) -> HttpResponse:
    """Volunteers, by state, kind and commune: each choice is in the address."""
    wanted = filters(request, VolunteerState)
    lines = filtered(lists.volunteers(request.user), wanted["chosen"], kind="offer__kinds", commune="offer__communes")
    page = page_of(request, lines)
    context = wanted | {"page": page, "caption": f"{counted(page, 'bénévole')}, par nom"}
    return show(request, "aid/desk/volunteers.html", context, section="volunteers")


@desk_screen("admit_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def new_volunteer(request: HttpRequest) -> HttpResponse:
    """Find or create somebody, and admit them; for a volunteer already, change what they offer."""
    person = chosen_person(request)
    if SEARCH in request.POST:
        search, found = search_from(request)
        form = VolunteerForm(
            by_account=request.user, person=person, initial=from_search(search.data["texte"]) if not found else None
        )
        return draw(request, form, person, search=search, found=found, screen=SCREEN)
    if is_kept(request):
        return draw(
            request,
            VolunteerForm(by_account=request.user, person=person, initial=typed(request)),
            person,
            screen=SCREEN,
        )
    if request.method != "POST":
        return draw(request, VolunteerForm(by_account=request.user, person=person), person, screen=SCREEN)
    form = VolunteerForm(request.POST, by_account=request.user, person=person)
    if form.is_valid():
        try:
            volunteer = services.welcome_volunteer(
                person=form.whom(),
                kinds=form.cleaned_data["kinds"],
                communes=form.cleaned_data.get("communes", ()),
                channel=form.cleaned_data["channel"],
                by_account=request.user,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est enregistré : les prochaines demandes lui seront proposées.")
            return redirect("desk:person", uid=volunteer.person.uid)
    return draw(request, form, person, screen=SCREEN)


@desk_screen("admit_volunteers")
@require_POST
def move_volunteer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Pause, have back, or end."""
    volunteer = access.volunteer_of(request.user, uid)
    move = MOVES.get(request.POST.get("geste", ""))
    if move is None:
        raise Http404
    try:
        moved = onboarding.take(volunteer, move)
    except onboarding.NotAllowedError as error:
        messages.warning(request, f"Rien n’a changé. {error}")
    else:
        messages.success(request, f"C’est noté : ce bénévole est {moved.get_state_display()}.")
    return redirect("desk:person", uid=uid)
