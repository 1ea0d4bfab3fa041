"""Pages whose address holds a token (core.links): it opens them to whoever holds it."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def behind_a_link(view: View) -> View:
    """Keep a page with a token in its address out of caches, search engines and other sites.

    Its forms work: with « no-referrer », browsers send « Origin: null », which the CSRF check refuses.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(guarded)
