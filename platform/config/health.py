"""What whoever watches over the processes asks: does this one answer, and does the database answer it?

Before every other middleware: a page of towns needs a transaction, HTTPS and a host, and would only say that it fails.
"""

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

from tenants.registry import host_of, is_platform

PATH = "/sante/"


def answer_probe(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: on the platform's host, answer PATH with 200, or 503 if the database does not answer.

    A town keeps that address for a page of its own.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH or not is_platform(host_of(request.get_host())):
            return get_response(request)
        try:
            # Outside a transaction the login is bare: it reads no table, and needs none.
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            connection.close()
            return HttpResponse("base injoignable", status=503, content_type="text/plain; charset=utf-8")
        return HttpResponse("en service", content_type="text/plain; charset=utf-8")

    return middleware
