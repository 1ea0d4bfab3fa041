"""Making one card of two: finding the other one, comparing both, confirming. For administrators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aid.desk import access
from aid.desk.forms.merging import MergeForm
from aid.desk.forms.people import SearchForm
from aid.desk.views.entry import CHOSEN, SEARCH, search_from
from aid.desk.views.frame import desk_screen, show
from aid.people.merging import MergeRefusedError
from aid.people.models import Person
from aid.people.services import possible_duplicates
from aid.privacy import merging
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading


@desk_screen("merge_people")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_persons(request: HttpRequest, uid: UUID) -> HttpResponse:
    """« C’est la même personne que… »: the card of this address is the one that is kept."""
    shown = access.person_of(request.user, uid)
    other = _other(request)
    if other is not None and SEARCH not in request.POST:
        return _compare(request, shown, other)
    search, found = search_from(request) if SEARCH in request.POST else (SearchForm(), None)
    context = {
        "shown": shown,
        "search": search,
        "found": [one for one in found if one != shown] if found is not None else None,
        "here": reverse("desk:merge_persons", args=(uid,)),
        "duplicates": _resembling(request, shown),
    }
    return show(request, "aid/desk/merge_search.html", context, section="people")


def _compare(request: HttpRequest, shown: Person, other: Person) -> HttpResponse:
    preview = merging.preview(shown, other)
    form = MergeForm(request.POST if request.method == "POST" else None, parts=preview.parts, seen=preview.seen)
    if request.method == "POST" and not preview.refusal and form.is_valid():
        try:
            merging.merge(shown, other, take=form.taken(), seen=form.cleaned_data["seen"], by_account=request.user)
        except MergeRefusedError as why:
            messages.warning(request, f"Rien n’a changé. {why}")
            return redirect(_compared(shown, other))
        messages.success(request, "C’est fait : il n’y a plus qu’une fiche.")
        return redirect("desk:person", uid=shown.uid)
    for one in (shown, other):
        note_reading(one, screen=SeenOn.CARD, by_account=request.user)
    context = {"shown": shown, "other": other, "preview": preview, "form": form} | _warnings(shown, other)
    return show(request, "aid/desk/merge_compare.html", context, section="people")


def _warnings(shown: Person, other: Person) -> dict[str, Any]:
    """What both cards have one of each of, where one is left."""
    doors = {one.account_id for one in (shown, other)} - {None}
    return {
        "swap_url": _compared(other, shown),
        "has_two_doors": len(doors) > 1,
        "are_volunteers": all(hasattr(one, "volunteer") for one in (shown, other)),
    }


def _other(request: HttpRequest) -> Person | None:
    chosen = request.POST.get(CHOSEN) or request.GET.get(CHOSEN)
    if not chosen:
        return None
    try:
        return access.person_of(request.user, UUID(chosen))
    except ValueError as error:
        raise Http404 from error


def _resembling(request: HttpRequest, shown: Person) -> list[Person]:
    found = possible_duplicates(
        first_name=shown.first_name,
        last_name=shown.last_name,
        phone=shown.phone,
        birth_year=shown.birth_year,
        among=access.persons_for(request.user),
    )
    return [one for one in found if one != shown]


def _compared(kept: Person, other: Person) -> str:
    return f"{reverse('desk:merge_persons', args=(kept.uid,))}?{CHOSEN}={other.uid}"
