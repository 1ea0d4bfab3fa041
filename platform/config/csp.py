"""What a browser may load from our pages. Two policies: the sites, and the towns' back-office.

Values are those of `django-csp` 4; `PUBLIC` goes in the setting CONTENT_SECURITY_POLICY.
"""

from collections.abc import Callable

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

BACK_OFFICE_PATH = "/gestion/"

PUBLIC_DIRECTIVES = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    # Designsystemet draws a few icons from data: addresses in its own stylesheet.
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    # The back-office shows pages in a frame: preview and accessibility checker.
    "frame-ancestors": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "object-src": [NONE],
}
PUBLIC = {"DIRECTIVES": PUBLIC_DIRECTIVES}

# Wagtail writes its date choosers as inline scripts and Draftail its styles inline; it evaluates nothing.
BACK_OFFICE_DIRECTIVES = PUBLIC_DIRECTIVES | {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}


def back_office_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: give answers under `/gestion/` the back-office's policy. Place it after CSPMiddleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith(BACK_OFFICE_PATH):
            # django-csp reads this attribute; its own decorator `csp` sets the same.
            response._csp_config = BACK_OFFICE_DIRECTIVES  # noqa: SLF001
        return response

    return middleware
