"""« Vos voisins »: who wishes to be known, and the page of one."""

from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aid.configuration.services import identity
from aid.people.models import Person
from aid.profiles import reaching
from aid.profiles.forms import SearchForm
from aid.profiles.models import Profile
from aid.profiles.moderating import KIND
from aid.profiles.readers import is_insider, liked_by_reader
from aid.profiles.services import is_written_to, presented, shown_name
from aid.profiles.texts import me_too
from themes.brand import format_telephone

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
    profile, reader, liked = _shown(request, uid)
    shown = presented(profile, liked=liked, is_reader=profile.person == reader)
    context = {
        "shown": shown,
        "me_too": me_too(shown.in_common),
        "is_reader": profile.person == reader,
        "ask_label": identity().ask_label,
        "kind": KIND,
        "number": profile.pk,
        "uid": profile.uid,
        "is_written_to": is_written_to(profile),
        "may_read_contact": reaching.may_read(reader, profile),
    }
    return _private(render(request, "aid/profiles/neighbour.html", context))


@never_cache
@require_POST  # each reading is kept: a link that is followed by itself reads nothing
def contact(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The number or the address that a volunteer shows to neighbours whom the town knows; absent for anybody else."""
    profile, reader, _ = _shown(request, uid)
    if not reaching.may_read(reader, profile):
        raise Http404
    context = {"shown": shown_name(profile.person), "uid": uid, "read": None, "limit": ""}
    status = HTTPStatus.OK
    try:
        context["read"] = reaching.read(profile, reader=reader)
        context["telephone"] = format_telephone(context["read"].phone)
    except reaching.TooManyError as error:
        context["limit"], status = str(error), HTTPStatus.TOO_MANY_REQUESTS
    return _private(render(request, "aid/profiles/contact.html", context, status=status))


def _shown(request: HttpRequest, uid: UUID) -> tuple[Profile, Person | None, set[int]]:
    """A presentation that this reader sees, who they are, and what they like. Raises Http404."""
    reader, liked = liked_by_reader(request)
    among = Profile.objects.shown_to(is_insider=is_insider(request), reader=reader).with_page_related_data()
    return get_object_or_404(among, uid=uid), reader, liked


def _private(response: HttpResponse) -> HttpResponse:
    """No search engine keeps somebody's page after they have taken it off."""
    response["X-Robots-Tag"] = NOINDEX
    return response


def _query_without_page(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
