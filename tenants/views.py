"""What is asked of towns in general, whatever their content."""

import mimetypes

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from tenants.models import Domain
from tenants.registry import host_of, is_platform

# What browsers may show by themselves; anything else is a download, so that no file runs in the town's name.
SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "application/pdf"})
ONE_WEEK = 7 * 24 * 3600


@require_safe
def public_file(request: HttpRequest, path: str) -> FileResponse:
    """A public file of the town that answers. Its storage is the town's own folder: no other can be named."""
    try:
        if not default_storage.exists(path):
            raise Http404
        file = default_storage.open(path)
    except (SuspiciousFileOperation, IsADirectoryError) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=kind, as_attachment=kind not in SHOWN)
    response["Cache-Control"] = f"public, max-age={ONE_WEEK}"
    response["Last-Modified"] = http_date(default_storage.get_modified_time(path).timestamp())
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def may_have_certificate(request: HttpRequest) -> HttpResponse:
    """Tell the proxy whether a certificate may be asked for `?domain=`: 200 for a town's, else 404.

    Without this question anybody could point names at the server and have it ask for certificates until it is banned.
    """
    host = host_of(request.GET.get("domain", ""))
    known = is_platform(host) or Domain.objects.filter(domain=host).exists()
    return HttpResponse(status=200 if known else 404)
