"""What support may not do, in one place: change anything where it was given to read; give rights, ever."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aid.support.access import access_by

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# The ways out.
LEAVES = frozenset({"account_logout", "wagtailadmin_logout"})
# Where rights and ways in are given or taken, and where an account gets its name: an access leaves no door open behind
# it, and the journal calls it what it is.
GIVES_RIGHTS = (
    "gestion/users/", "gestion/groups/", "gestion/account/", "gestion/logiciels/", "securite/", "bureau/coordinateurs/",
)  # fmt: skip
REFUSED = 403


class SupportLimits:
    """Stands after sign-in. Sessions are read for what changes something only: pages for everybody stay so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Answer before the view what support may not do."""
        if request.method in SAFE or request.town is None:
            return None
        match = request.resolver_match
        if match.url_name in LEAVES or getattr(view, "changes_nothing", False):
            return None
        access = access_by(request.user)
        if access is None:
            return None
        gives_rights = match.route.startswith(GIVES_RIGHTS)
        if access.acts and not gives_rights:
            return None
        context = {"support": access, "gives_rights": gives_rights}
        return render(request, "aid/support/refused.html", context, status=REFUSED)
