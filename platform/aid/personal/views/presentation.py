"""« Me présenter »: what neighbours read of who is here, seen before it is published, withdrawn in one gesture."""

import contextlib

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from aid.people.models import Person
from aid.personal.views.frame import Here, here_of, personal_page
from aid.privacy.consents import NotGivenError
from aid.profiles import reaching, services
from aid.profiles.forms import ProfileForm, ReachForm
from aid.profiles.texts import AGREEMENT

# The gesture of a form, and what the page then says.
SEE, PUBLISH = "voir", "publier"
SAVED, WITHDRAWN = "publiee", "retiree"


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def present(request: HttpRequest, here: Here) -> HttpResponse:
    """Write it; « Voir » draws it as neighbours will read it and keeps nothing, « Publier » shows it."""
    form = ProfileForm(request.POST if request.method == "POST" else None, person=here.person)
    preview = None
    if form.is_valid():
        if request.POST.get("geste") == PUBLISH:
            try:
                services.present(person=here.person, **form.said())
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(f"{reverse('personal:present')}?{SAVED}=1")
        else:
            preview = services.preview(here.person, **form.said())
    profile = services.profile_of(here.person)
    context = {
        "form": form,
        "preview": preview,
        "profile": profile,
        "is_public": services.is_public(here.person),
        "is_masked": profile is not None and services.has_masked(profile),
        "why_not": services.why_not_presented(here.person),
        "agreement": AGREEMENT,
        "saved": SAVED in request.GET,
        "withdrawn": WITHDRAWN in request.GET,
        "may_be_reached": reaching.may_show(here.person) is not None,
    }
    return render(request, "aid/personal/present.html", context)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: HttpRequest, here: Here) -> HttpResponse:
    """Whether neighbours whom the town knows read one's number or address: for volunteers who are presented."""
    profile = reaching.may_show(here.person)
    if profile is None:
        raise Http404
    form = ReachForm(request.POST if request.method == "POST" else None, profile=profile)
    if form.is_valid():
        try:
            reaching.show(here.person, **form.wanted())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(f"{reverse('personal:reach')}?{SAVED}=1")
    return render(request, "aid/personal/reach.html", {"form": form, "saved": SAVED in request.GET})


@personal_page
@require_POST
def stop_presenting(request: HttpRequest, here: Here) -> HttpResponse:
    """Off the site at once. A second time changes nothing."""
    with contextlib.suppress(NotGivenError):
        services.withdraw(here.person)
    return redirect(f"{reverse('personal:present')}?{WITHDRAWN}=1")


def who_reads(request: HttpRequest) -> Person | None:
    """Who is here, for pages of the site that say what neighbours have in common (aid.profiles.readers)."""
    here = here_of(request)
    return here.person if here else None
