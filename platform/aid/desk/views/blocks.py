"""« Ne veut plus voir »: what somebody says on the telephone of another, noted for them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from aid.desk import access
from aid.desk.forms.people import SearchForm
from aid.desk.views.entry import SEARCH, chosen_person, search_from
from aid.desk.views.frame import desk_screen, show
from aid.moderation import blocks
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

APART = "C’est noté : ces deux personnes ne se verront plus sur le site, et ne seront plus proposées l’une à l’autre."
AGAIN = "C’est noté : cette personne veut bien revoir l’autre."


@desk_screen("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def person_blocks(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Whom somebody does not want to see any more; look for another, and note it once confirmed."""
    shown = access.living_person_of(request.user, uid)
    other = chosen_person(request)
    search, found = search_from(request) if SEARCH in request.POST else (SearchForm(), None)
    if request.method == "POST" and SEARCH not in request.POST:
        if other is None:
            raise Http404
        try:
            blocks.block(blocker=shown, blocked=other, by_account=request.user)
        except ValidationError:
            messages.warning(request, "Rien n’a changé. Choisissez quelqu’un d’autre que cette personne.")
        else:
            messages.success(request, APART)
        return redirect("desk:person_blocks", uid=uid)
    note_reading(shown, screen=SeenOn.BLOCKS, by_account=request.user)
    if other is not None:
        note_reading(other, screen=SeenOn.ENTRY, by_account=request.user)
    lines = list(blocks.blocked_by(shown))
    context = {
        "shown": shown,
        "person": other,
        "search": search,
        "found": found,
        "here": reverse("desk:person_blocks", args=(uid,)),
        "lines": lines,
        "openable": access.openable(request.user, [one.blocked for one in lines]),
    }
    return show(request, "aid/desk/person_blocks.html", context, section="people")


@desk_screen("moderate")
@require_POST
def end_block(request: HttpRequest, uid: UUID, other: UUID) -> HttpResponse:
    """They think better of it."""
    shown = access.person_of(request.user, uid)
    found = blocks.blocked_by(shown).filter(blocked__uid=other).first()
    if found is None:
        raise Http404
    blocks.unblock(blocker=shown, blocked=found.blocked, by_account=request.user)
    messages.success(request, AGAIN)
    return redirect("desk:person_blocks", uid=uid)
