"""Pages for visitors, answered from memory; and the door of the back-office.

A visitor without a session sees what every visitor sees: the process keeps the answer, under the version of what the
town shows (tenants.pulse). The one query that found the town also told that version, so a page that was published or
a figure that changed is seen by the next request, whatever process answers it.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from accounts.second_step import ask_for_it, has_passed
from themes.text_size import COOKIE as TEXT_SIZE

GetResponse = Callable[[HttpRequest], HttpResponse]
# Pages that say a date would otherwise say yesterday's for ever.
LONGEST = 300
OK = 200
# Of the request, in the key: what pages depend on besides their address.
COOKIES = (TEXT_SIZE,)


class VisitorPages:
    """Between finding the town and entering it: what is in memory costs no transaction."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory, or answer and remember."""
        if not self._is_for_everybody(request):
            return self.get_response(request)
        pages = caches["pages"]
        key = self._key(request)
        kept = pages.get(key)
        if kept is not None:
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = self.get_response(request)
        if self._may_be_kept(request, response):
            patch_vary_headers(response, ["Cookie"])
            pages.set(key, (response.content, dict(response.headers)), LONGEST)
        return response

    def _is_for_everybody(self, request: HttpRequest) -> bool:
        return (
            request.method == "GET"
            and request.town is not None
            and not request.META.get("QUERY_STRING")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not getattr(request, "is_dummy", False)
        )

    def _key(self, request: HttpRequest) -> str:
        chosen = ":".join(request.COOKIES.get(name, "")[:8] for name in COOKIES)
        asked = f"{request.scheme}:{request.get_host()}:{chosen}:{request.path}"
        # Addresses hold spaces and thousands of letters; keys of caches may not.
        return hashlib.sha256(asked.encode()).hexdigest()

    def _may_be_kept(self, request: HttpRequest, response: HttpResponse) -> bool:
        return (
            response.status_code == OK
            and not response.streaming
            and not response.cookies
            # A page with a form holds a token of this visitor's; a page that read the session is this visitor's.
            and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
            and not request.session.accessed
            and "no-store" not in response.get("Cache-Control", "")
            # A policy of its own (themes.maps.allow_tiles) is written later, and would not be kept with it.
            and not hasattr(response, "_csp_update")
        )


class BackOfficeDoor:
    """The back-office does not exist for who is signed in without a right to it: Wagtail would ask to sign in again.

    Who is not signed in is sent to the door by Wagtail itself; who has a right to it takes the second step first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Answer 404, or lead to the second step, before the view."""
        route = request.resolver_match.route
        if not route.startswith("gestion/") or request.resolver_match.url_name == "wagtailadmin_logout":
            return None
        if not request.user.is_authenticated:
            return None
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise Http404
        return None if has_passed(request) else ask_for_it(request)
