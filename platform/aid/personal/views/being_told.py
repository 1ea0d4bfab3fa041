"""« Être prévenu »: by which way somebody is told of each thing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from aid.notifications.forms import ChannelsForm
from aid.personal.services import choose_channels
from aid.personal.views.frame import Here, page_under_mandate
from aid.relations.enums import Scope

SAVED = "C’est noté. Nous vous préviendrons comme vous l’avez choisi."
SAVED_FOR_HER = "C’est noté."


@page_under_mandate(Scope.CHANNEL)
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest, here: Here) -> HttpResponse:
    """Choose, for oneself or for whom one acts."""
    person = here.subject
    is_posted = request.method == "POST"
    # The page may have been drawn for the other one, before « ce n’est pas vous ».
    if is_posted and request.POST.get("person") != str(person.uid):
        raise Http404
    form = ChannelsForm(request.POST if is_posted else None, person=person, is_volunteer=hasattr(person, "volunteer"))
    if form.is_valid():
        try:
            choose_channels(person, channels=form.chosen(), mandate=here.mandate)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, SAVED if here.mandate is None else SAVED_FOR_HER)
            return redirect("personal:channels")
    return render(request, "aid/personal/channels.html", {"form": form, "mandate": here.mandate})
