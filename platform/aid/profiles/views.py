"""« Vos voisins »: who wishes to be known, and the page of one."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aid.configuration.services import identity
from aid.profiles.forms import SearchForm
from aid.profiles.models import Profile
from aid.profiles.moderating import KIND
from aid.profiles.readers import is_insider, liked_by_reader
from aid.profiles.services import presented
from aid.profiles.texts import me_too

A_PAGE = 24
NOINDEX = "noindex, nofollow"


@never_cache  # who leaves, or is suspended, is gone at once
@require_safe
def neighbours(request: HttpRequest) -> HttpResponse:
    """Those who are presented, by first name: nobody comes before another for what they did."""
    is_known = is_insider(request)
    reader, liked = liked_by_reader(request)
    among = Profile.objects.shown_to(is_insider=is_known, reader=reader)
    search = SearchForm(request.GET, among)
    lines = search.found(among).with_page_related_data().order_by("person__search_name", "pk")
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "search": search,
        "page": page,
        "query": _query_without_page(request),
        "cards": [(one.uid, presented(one, liked=liked, is_reader=one.person == reader)) for one in page],
        "is_insider": is_known,
    }
    return _private(render(request, "aid/profiles/neighbours.html", context))


@never_cache
@require_safe
def neighbour(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of them. Who is not shown, to this reader, is absent."""
    reader, liked = liked_by_reader(request)
    among = Profile.objects.shown_to(is_insider=is_insider(request), reader=reader).with_page_related_data()
    profile = get_object_or_404(among, uid=uid)
    shown = presented(profile, liked=liked, is_reader=profile.person == reader)
    context = {
        "shown": shown,
        "me_too": me_too(shown.in_common),
        "is_reader": profile.person == reader,
        "ask_label": identity().ask_label,
        "kind": KIND,
        "number": profile.pk,
    }
    return _private(render(request, "aid/profiles/neighbour.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """No search engine keeps somebody's page after they have taken it off."""
    response["X-Robots-Tag"] = NOINDEX
    return response


def _query_without_page(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
