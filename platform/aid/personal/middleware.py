"""Acting for somebody: looked up at each request, since a session remembers and gives no right."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from aid.personal.acting import ACTING, mandate_here, stop
from aid.relations.services import NoMandateError

GetResponse = Callable[[HttpRequest], HttpResponse]
ENDED = "Vous n’agissez plus pour cette personne : ce mandat a pris fin. Vous voici dans votre espace."
# Stylesheets, icons: the same for everybody.
FOR_EVERYBODY = {"themes"}


class Acting:
    """Says under which mandate a request is made: `request.mandate`, or None.

    Who was acting under one that ended, or is not theirs, is sent back to their own space whatever they were doing:
    nothing that was meant for another is done in their own name.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nobody acts before the view is known."""
        request.mandate = None
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Look the mandate up. Who has no session is not asked for one: pages for visitors are kept for all of them."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not has_session or request.resolver_match.namespace in FOR_EVERYBODY or ACTING not in request.session:
            return None
        request.mandate = mandate_here(request)
        return _back(request) if request.mandate is None else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same for a mandate that was withdrawn while the request ran: what it was for is not done."""
        return _back(request) if request.mandate is not None and isinstance(exception, NoMandateError) else None


def _back(request: HttpRequest) -> HttpResponse | None:
    request.mandate = None
    stop(request)
    if not request.user.is_authenticated:
        return None
    messages.warning(request, ENDED)
    return redirect("personal:home")
