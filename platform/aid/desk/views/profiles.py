"""The presentation of who phones: an agent writes it, and takes it off."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from aid.desk import access
from aid.desk.forms.recognition import ProfileForThemForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.privacy.consents import NotGivenError
from aid.privacy.enums import Agreed
from aid.profiles import services
from aid.profiles.texts import AGREEMENT

SEE = "voir"


@desk_screen("change_people")
@require_http_methods(["GET", "HEAD", "POST"])
def person_profile(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What neighbours read of somebody, read aloud before it is published. Each change by an agent is kept."""
    shown = access.living_person_of(request.user, uid)
    form = ProfileForThemForm(request.POST if request.method == "POST" else None, person=shown)
    preview = None
    if form.is_valid():
        if request.POST.get("geste") == SEE:
            preview = services.preview(shown, **form.said())
        else:
            how = Agreed(form.cleaned_data.get("how", Agreed.SPOKEN))
            try:
                services.present(person=shown, how=how, by_account=request.user, **form.said())
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, "C’est enregistré.")
                return redirect("desk:person_profile", uid=uid)
    context = {
        "shown": shown,
        "form": form,
        "preview": preview,
        "profile": services.profile_of(shown),
        "is_public": services.is_public(shown),
        "agreement": AGREEMENT,
    }
    return show(request, "aid/desk/person_profile.html", context, section="people")


@desk_screen("change_people")
@require_POST
def withdraw_profile(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Off the site at once, for who asks by telephone. A second time changes nothing."""
    shown = access.person_of(request.user, uid)
    with contextlib.suppress(NotGivenError):
        services.withdraw(shown, how=Agreed.SPOKEN, by_account=request.user)
    messages.success(request, "C’est fait : sa présentation n’est plus sur le site.")
    return redirect("desk:person_profile", uid=uid)
