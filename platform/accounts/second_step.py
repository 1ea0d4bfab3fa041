"""Who must take the second step of a sign-in, and who took it: a mark in the session, which costs no query.

The town's own people and operators only. What is behind it is closed until then (accounts.access, cms.middleware);
the rest of the site is not.
"""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from accounts import landing
from accounts.roles import is_staff

# In the session: when the second step was taken.
PASSED = "second_step"
View = Callable[..., HttpResponse]


def has_passed(request: HttpRequest) -> bool:
    """Whether this session took the second step. One of before it was asked for did not."""
    return PASSED in request.session


def mark_passed(request: HttpRequest) -> None:
    """Remember it for as long as this session lasts, under another key: whoever knew the former has nothing."""
    request.session.cycle_key()
    request.session[PASSED] = int(time.time())


def ask_for_it(request: HttpRequest) -> HttpResponse:
    """Lead to the second step, and back here after it."""
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    return redirect(with_next(reverse("second_step"), here))


def with_next(path: str, wanted: str) -> str:
    """A path of the second step that knows where its reader was going."""
    return f"{path}?{urlencode({'next': wanted}, safe='/')}" if wanted else path


def wanted_by(request: HttpRequest) -> str:
    """Where its reader was going, on this site; nothing otherwise."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def go_on(request: HttpRequest) -> HttpResponse:
    """Where its reader was going, else where people of their role arrive."""
    return redirect(wanted_by(request) or landing.path_for(request.user))


def staff_page(view: View) -> View:
    """Open a page of the second step to the town's own people and operators: to others it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_staff(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.guard = "staff"
    return never_cache(guarded)


def after_it(view: View) -> View:
    """The same, for who took the second step already."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, *args, **kwargs) if has_passed(request) else ask_for_it(request)

    return staff_page(guarded)


def own_page(view: View) -> View:
    """Open a page of one's own account to whoever is signed in; staff take the second step first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if is_staff(request.user) and not has_passed(request):
            return ask_for_it(request)
        return view(request, *args, **kwargs)

    guarded.guard = "signed in"
    return never_cache(guarded)
