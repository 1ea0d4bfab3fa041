"""Who to turn to: the list first, then the map; and the page of one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aid.directory import access, searching
from aid.directory.moderating import REFERENT
from aid.photos.serving import photo_answer
from aid.territory.models import CoveredCommune
from aid.territory.services import map_of_territory
from themes.maps import allow_tiles

MOST_SHOWN = 100


@never_cache  # somebody who ended, died or is suspended is gone at the next request
@require_safe
def referents(request: HttpRequest) -> HttpResponse:
    """Who serves today and fits what the address asks for: words, a theme, a commune."""
    wanted = searching.Wanted(
        words=request.GET.get("q", "").strip()[: searching.LONGEST_QUERY],
        theme=request.GET.get("theme", ""),
        commune=request.GET.get("commune", ""),
    )
    communes = list(CoveredCommune.objects.all())
    found = searching.find(wanted, among=access.referents_for(request.user), communes=communes)
    cards = found[:MOST_SHOWN]
    has_points = any(spot.latitude for card in cards for spot in card.spots)
    drawn = map_of_territory("Carte des référents", communes) if has_points else None
    context = {
        "wanted": wanted,
        "themes": [(str(theme.pk), str(theme)) for theme in searching.themes()],
        "communes": [(place.commune_id, str(place)) for place in communes],
        "cards": [(card, access.photo_of(card.referent)) for card in cards],
        "count": len(found),
        "left_out": len(found) - len(cards),
        "map": drawn,
    }
    return allow_tiles(render(request, "aid/directory/referents.html", context), drawn and drawn.tiles)


@never_cache
@require_safe
def referent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of them: for what, where, when, and how to reach them."""
    known = access.referent_of(request.user, uid)
    card = searching.card_of(known)
    context = {"card": card, "shown": known, "photo": access.photo_of(known), "kind": REFERENT}
    return render(request, "aid/directory/referent.html", context)


@never_cache
@require_safe
def photo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The photo of one who agreed to show it."""
    return photo_answer(access.photo_of(access.referent_of(request.user, uid)))
