"""Somebody died: saying so on their card, gently, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from aid.desk import access
from aid.desk.deaths import begun_by, note_death
from aid.desk.forms.deaths import DeathForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.people.deaths import take_back_death
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading


@desk_screen("note_deaths")
@require_http_methods(["GET", "HEAD", "POST"])
def person_died(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is not over, by name, and the day. Twice is once."""
    shown = access.person_of(request.user, uid)
    if shown.deceased_on is not None:
        return redirect("desk:person", uid=uid)
    begun = begun_by(shown)
    form = DeathForm(request.POST if request.method == "POST" else None, begun=begun)
    if request.method == "POST" and form.is_valid():
        try:
            note_death(shown, on=form.cleaned_data["on"], by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est noté. Plus aucun message ne partira vers cette personne.")
            return redirect("desk:person", uid=uid)
    if begun:
        note_reading(shown, screen=SeenOn.CARD, by_account=request.user)
    context = {"shown": shown, "begun": begun, "form": form}
    return show(request, "aid/desk/person_died.html", context, section="people")


@desk_screen("note_deaths")
@require_POST
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It was a mistake."""
    take_back_death(access.person_of(request.user, uid), by_account=request.user)
    messages.success(request, "C’est corrigé. Ce qui a été annulé le reste : notez de nouveau ce qui manque.")
    return redirect("desk:person", uid=uid)
