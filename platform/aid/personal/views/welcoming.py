"""A referent welcomes a newcomer: what they are told, and « c’est fait »."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aid.directory import access, welcoming
from aid.personal.forms import WelcomedForm
from aid.personal.views.frame import Here, personal_page


@never_cache
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """First name and place; the number if an agent gave it. A POST says that it is done."""
    shown = access.welcome_of(here.person, uid)
    form = WelcomedForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            welcoming.note_welcomed(shown, words=form.cleaned_data["words"])
        except welcoming.NotWaitingError:
            messages.info(request, "C’était déjà noté. Merci !")
        else:
            messages.success(request, "C’est noté, merci de votre accueil !")
        return redirect("personal:home")
    return render(request, "aid/personal/welcome.html", {"shown": shown, "form": form})
