"""What a browser asks of a site besides its pages: colours, icon, manifest, text size, robots."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from themes.brand import Brand, brand_of
from themes.looks import Look
from themes.samples import SampleForm, component_samples
from themes.stylesheet import compute_version, render_stylesheet
from themes.text_size import TextSize, remember_text_size
from themes.tokens import text_on

ONE_YEAR_IMMUTABLE = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The colours of this host's brand. Kept for ever under the address that carries their hash."""
    colour = brand_of(request).brand_colour
    response = HttpResponse(render_stylesheet(colour), content_type="text/css; charset=utf-8")
    is_named_by_hash = request.GET.get("v") == compute_version(colour)
    response["Cache-Control"] = ONE_YEAR_IMMUTABLE if is_named_by_hash else FIVE_MINUTES
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def choose_text_size(request: HttpRequest) -> HttpResponse:
    """Keep the size `taille` in a cookie, then come back to `suite`, if it is a page of this host.

    A link (GET) is enough: the choice harms nobody, and pages need no CSRF cookie for it.
    """
    data = request.POST if request.method == "POST" else request.GET
    destination = data.get("suite", "/")
    if not url_has_allowed_host_and_scheme(destination, {request.get_host()}, request.is_secure()):
        destination = "/"
    response = HttpResponseRedirect(destination)
    if data.get("taille") in set(TextSize):
        remember_text_size(request, response, TextSize(data["taille"]))
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web application manifest, so that the site can live on a home screen under its own name."""
    brand = brand_of(request)
    body = {
        "id": "/",
        "name": brand.name,
        "short_name": brand.name,
        "lang": "fr",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": brand.brand_colour,
        "icons": _manifest_icons(brand),
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Cache-Control"] = FIVE_MINUTES
    return response


def _manifest_icons(brand: Brand) -> list[dict[str, str]]:
    """Those of the logo; the initial where there is none."""
    if not brand.icons:
        return [{"src": reverse("themes:icon"), "sizes": "any", "type": "image/svg+xml"}]
    return [
        {"src": icon.url, "sizes": f"{icon.size}x{icon.size}", "type": "image/png", "purpose": icon.purpose}
        for icon in brand.icons
    ]


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """The site's icon: its initial on its colour."""
    brand = brand_of(request)
    context = {"brand": brand, "text_colour": text_on(brand.brand_colour)}
    response = render(request, "themes/icon.svg", context, content_type="image/svg+xml")
    response["Cache-Control"] = FIVE_MINUTES
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public pages."""
    lines = ["User-agent: *", "Disallow: /gestion/", f"Disallow: {reverse('themes:text_size')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component on one page, in this host's colours.

    `?erreurs` shows the form as refused; `?allure=city` shows the page in another look.
    """
    form = SampleForm(data={} if "erreurs" in request.GET else None)
    look = request.GET.get("allure")
    if look in Look.values:
        request.palier_brand = replace(brand_of(request), look=look)
    return render(request, "themes/components.html", component_samples() | {"form": form})
