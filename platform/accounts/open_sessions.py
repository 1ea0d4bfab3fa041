"""`/mon-espace/appareils/`: where one is signed in, and closing what was left open. Everybody's, staff included."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import passwords, sessions
from accounts.models import Session
from accounts.second_step import own_page

CLOSED = "C’est fait : il faudra s’y connecter de nouveau."
CLOSED_ALREADY = "Cet appareil n’était plus connecté."


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """List them; a POST closes one, or all the others."""
    here = sessions.uid_of(request)
    if request.method == "POST":
        told = CLOSED if _close(request, here) else CLOSED_ALREADY
        messages.success(request, told)
        return redirect("devices")
    kept = list(Session.objects.open_to(request.user))
    # This one first, then the last seen.
    kept.sort(key=lambda one: one.uid != here)
    may_have_password = passwords.may_have_one(request.user)
    context = {"sessions": kept, "here": here, "may_have_password": may_have_password}
    return render(request, "accounts/devices.html", context)


def _close(request: HttpRequest, here: uuid.UUID | None) -> bool:
    """Close what the button names, never the one in hand: that is « Se déconnecter »."""
    if request.POST.get("action") == "others":
        return bool(sessions.close_others(request.user, but=here))
    try:
        uid = uuid.UUID(request.POST.get("session", ""))
    except ValueError:
        return False
    return uid != here and sessions.close(request.user, uid=uid)
