"""The door of support: the one link of an access, asked for on the console."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import changes_nothing
from accounts.second_step import mark_passed
from aid.support import operators, services
from aid.support.access import BACKEND, access_of_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@changes_nothing
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Say who comes in and why, then let them. By a button: what only looks at a link must not use it up."""
    access = access_of_link(token)
    if access is None or not operators.is_still_one(access.operator):
        raise Http404
    if request.method != "POST":
        return render(request, "aid/support/enter.html", {"support": access})
    if services.enter(token) is None:
        raise Http404
    login(request, access.account, backend=BACKEND)
    # The console, which gave the link, is behind the second step of its operator.
    mark_passed(request)
    request.session.set_expiry(access.ends_at)
    return redirect("desk:board")
