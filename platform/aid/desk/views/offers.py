"""What a volunteer offers and when they are away, noted for who phones."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from aid.desk import access
from aid.desk.forms.offers import OfferOfThemForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.offers.forms import AbsenceForm
from aid.offers.services import absences_of, come_back, go_away, keep
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading


@desk_screen("admit_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which help, where, when, with what, how often: all that they would say themselves in « mon espace »."""
    volunteer = access.living_volunteer_of(request.user, uid)
    form = OfferOfThemForm.of(volunteer, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            keep(volunteer, form.offered(), by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est noté : on lui proposera ce qui est coché.")
            return redirect("desk:person", uid=uid)
    if request.method != "POST":
        note_reading(volunteer.person, screen=SeenOn.OFFER, by_account=request.user)
    context = {"shown": volunteer.person, "form": form}
    return show(request, "aid/desk/offer.html", context, section="volunteers")


@desk_screen("admit_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest, uid: UUID) -> HttpResponse:
    """When they are away: nothing is asked of them for these days."""
    volunteer = access.living_volunteer_of(request.user, uid)
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            go_away(volunteer, **form.cleaned_data, by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est noté : rien ne lui sera demandé ces jours-là.")
            return redirect("desk:absences", uid=uid)
    if request.method != "POST":
        note_reading(volunteer.person, screen=SeenOn.OFFER, by_account=request.user)
    context = {"shown": volunteer.person, "form": form, "absences": absences_of(volunteer)}
    return show(request, "aid/desk/absences.html", context, section="volunteers")


@desk_screen("admit_volunteers")
@require_POST
def forget_absence(request: HttpRequest, uid: UUID, absence: UUID) -> HttpResponse:
    """They are there after all. Twice is once."""
    come_back(access.living_volunteer_of(request.user, uid), absence, by_account=request.user)
    messages.success(request, "C’est retiré : on peut de nouveau lui demander.")
    return redirect("desk:absences", uid=uid)
