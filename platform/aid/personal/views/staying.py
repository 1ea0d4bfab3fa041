"""The page of who was told that they will be forgotten: one gesture, and they stay. No signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from aid.notifications.leaving import STAY
from aid.privacy import leaving
from aid.privacy.models import Leaving
from core.link_pages import behind_a_link
from core.links import number_of


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    """Ask; a POST keeps that they stay. Looking changes nothing: some readers of e-mails open every link."""
    number = number_of(STAY, token)
    told = Leaving.objects.filter(pk=number).first() if number is not None else None
    if told is None:
        raise Http404
    if request.method == "POST":
        leaving.stay(told)
        return redirect("personal:stay", token=token)
    return render(request, "aid/personal/stay.html", {"told": told})
