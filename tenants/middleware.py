"""How a request finds its town: by its host; then it runs in that town, in one transaction."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from tenants.context import PLATFORM, facing, town_context
from tenants.registry import host_of, is_platform, registry
from themes.brand import brand_of

GetResponse = Callable[[HttpRequest], HttpResponse]
SERVER_ERROR = 500


class FindTown:
    """Says which town a request is for; no table is open yet, so that what follows may answer from memory."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404 on an unknown host and a quiet page for a town that does not answer."""
        host = host_of(request.get_host())
        if is_platform(host):
            request.town = None
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            with facing(PLATFORM):
                return self.get_response(request)
        request.town, version = registry.find(host)
        if request.town is None:
            return HttpResponse(render_to_string("tenants/unknown_host.html"), status=404)
        if not request.town.answers:
            return _quiet_page(request)
        with facing(request.town):
            connection.pulse = version
            # A preview of Wagtail's runs a request inside another: the zone is put back too.
            with timezone.override(zoneinfo.ZoneInfo(request.town.time_zone)):
                return self.get_response(request)


def _quiet_page(request: HttpRequest) -> HttpResponse:
    """What a suspended town shows: its name and its telephone, since people may need help."""
    with town_context(request.town):
        brand = brand_of(request)
        context = {
            "name": brand.name,
            "telephone": brand.telephone,
            "telephone_display": brand.telephone_display,
            "opening_hours": brand.opening_hours,
        }
        return HttpResponse(render_to_string("suspended.html", context), status=503, headers={"Retry-After": "3600"})


class EnterTown:
    """Opens the one transaction of the request, in its town, before sessions and sign-in are read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep all of what the request wrote; or nothing, if its view raised or the answer is an error of ours."""
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= SERVER_ERROR or getattr(request, "view_raised", False):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember that the view gave up half-way, be it for a 404: its page is still to be rendered."""
        request.view_raised = True
