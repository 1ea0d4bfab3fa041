"""Somebody who would like to help, on paper, at an event or at the counter: found or created, then noted."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from aid.desk import access, services
from aid.desk.forms.entry import from_search
from aid.desk.forms.people import VolunteerForm
from aid.desk.views.entry import SEARCH, Screen, add_errors, chosen_person, draw, is_kept, search_from, typed
from aid.desk.views.frame import desk_screen
from aid.offers.applying import confirm_by_agent
from aid.onboarding.enums import VolunteerState

SCREEN = Screen("aid/desk/new_volunteer.html", "desk:new_volunteer", "volunteers")
APPLICATION, ADMISSION = "candidature", "admettre"


@desk_screen("admit_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def new_volunteer(request: HttpRequest) -> HttpResponse:
    """Find or create somebody; keep their application, or admit them. Who helps already has a page of their own."""
    person = chosen_person(request)
    if person is not None and SEARCH not in request.POST and services.helps_already(person):
        return redirect("desk:offer", uid=person.uid)
    if SEARCH in request.POST:
        search, found = search_from(request)
        form = VolunteerForm(
            by_account=request.user, person=person, initial=from_search(search.data["texte"]) if not found else None
        )
        return draw(request, form, person, search=search, found=found, screen=SCREEN)
    if is_kept(request) or request.method != "POST":
        form = VolunteerForm(by_account=request.user, person=person, initial=typed(request))
        return draw(request, form, person, screen=SCREEN)
    form = VolunteerForm(request.POST, by_account=request.user, person=person)
    if form.is_valid():
        admits = request.POST.get("geste", APPLICATION if form.asks_steps else ADMISSION) == ADMISSION
        try:
            volunteer = services.welcome_volunteer(
                person=form.whom(),
                kinds=form.cleaned_data["kinds"],
                communes=form.cleaned_data.get("communes", ()),
                channel=form.cleaned_data["channel"],
                source=form.cleaned_data["source"],
                motivation=form.cleaned_data["motivation"],
                admits=admits,
                by_account=request.user,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            if volunteer.state == VolunteerState.CANDIDATE:
                messages.success(request, "La candidature est enregistrée. Voici ce qui reste à faire.")
                return redirect("desk:volunteer_steps", uid=volunteer.person.uid)
            messages.success(request, "C’est enregistré : les prochaines demandes lui seront proposées.")
            return redirect("desk:person", uid=volunteer.person.uid)
    return draw(request, form, person, screen=SCREEN)


@desk_screen("admit_volunteers")
@require_POST
def confirm_contact(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An agent called who applied: this number, or this address, is theirs."""
    confirm_by_agent(access.volunteer_of(request.user, uid), by_account=request.user)
    messages.success(request, "C’est noté : nous savons que c’est bien cette personne.")
    return redirect("desk:person", uid=uid)
