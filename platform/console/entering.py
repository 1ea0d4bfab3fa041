"""Enter a town to help: why, for how long, and the one link that does."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import operator_required
from aid.configuration.addresses import address_of
from aid.support.ending import end
from aid.support.models import SupportAccess
from aid.support.services import new_link, open_access
from console.forms import SupportForm
from console.support import hours_of, in_town, town_of
from tenants.models import Town

OPEN, ENTER, END = "ouvrir", "entrer", "terminer"
MOST_SHOWN = 20


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, schema: str) -> HttpResponse:
    """Ask for an access; for those that run, a link to enter by or an end. Each line is the town's own."""
    town = town_of(schema)
    gesture = request.POST.get("geste", "")
    form = SupportForm(request.POST if gesture == OPEN else None)
    if gesture == END:
        with in_town(town):
            end(_access_of(request))
        return redirect("console:support", schema=schema)
    if gesture == ENTER:
        return _draw(request, town, form, link=_link(request, town))
    if gesture == OPEN and form.is_valid():
        # Read here: in the town, this account would be somebody else's number.
        operator = {"operator": request.user.pk, "operator_name": request.user.signature}
        try:
            with in_town(town):
                open_access(**operator, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("console:support", schema=schema)
    return _draw(request, town, form)


def _access_of(request: HttpRequest) -> SupportAccess:
    try:
        uid = UUID(request.POST.get("assistance", ""))
    except ValueError as error:
        raise Http404 from error
    access = SupportAccess.objects.filter(uid=uid).first()
    if access is None:
        raise Http404
    return access


def _link(request: HttpRequest, town: Town) -> str:
    """A whole address of the town, for this operator's own access that runs; empty for one that is over."""
    number = request.user.pk
    with in_town(town):
        access = _access_of(request)
        if access.operator != number:
            raise Http404
        try:
            token = new_link(access)
        except ValidationError:
            return ""
        return address_of(reverse("support:enter", args=(token,), urlconf=settings.ROOT_URLCONF))


def _draw(request: HttpRequest, town: Town, form: SupportForm, **more: Any) -> HttpResponse:
    with in_town(town):
        accesses = list(SupportAccess.objects.select_related("ended_by")[:MOST_SHOWN])
    context = {"town": town, "form": form, "accesses": accesses, "me": request.user.pk, "link": "", **more}
    with hours_of(town):
        return render(request, "console/support.html", context)
