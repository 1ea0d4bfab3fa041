"""What anybody may ask of a card, by its QR: is it valid now? Nothing else, and of no other card.

Void, expired, of somebody who is not admitted any more, of another town, invented: one same page, that tells nothing of
anybody. No answer is an error: what answers one is logged with its address, and what raises is not counted.
"""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import limits
from aid.cards.services import Checked, check, look_at
from aid.photos.serving import photo_answer

HOUR = timedelta(hours=1)
# By address: a residence whose residents share one, and a volunteer who shows hers all day, are far below.
MOST_CHECKS = 120
MOST_PHOTOS = 240
NO_PICTURE = 204


@never_cache
@require_safe
def check_card(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether the card is valid now, and keep that it was asked; whose it is, while it is."""
    if not _may_try(request, "card", MOST_CHECKS):
        return _answer(request, "aid/cards/too_many.html", {})
    checked = check(token)
    if not checked.is_valid:
        return _answer(request, "aid/cards/not_valid.html", {})
    context = {
        "person": checked.person,
        "has_photo": bool(checked.photo_file),
        "token": token,
        "checked_at": timezone.localtime(),
        "expires_on": checked.expires_on,
    }
    return _answer(request, "aid/cards/valid.html", context)


@never_cache
@require_safe
def photo(request: HttpRequest, token: str) -> HttpResponse:
    """The photo of a volunteer, under the token of their card while it is valid; else, nothing at all."""
    found = look_at(token) if _may_try(request, "card_photo", MOST_PHOTOS) else Checked()
    try:
        answer = photo_answer(found.photo if found.is_valid else None)
    except Http404:
        answer = HttpResponse(status=NO_PICTURE)
    return _closed(answer)


def _may_try(request: HttpRequest, kind: str, most: int) -> bool:
    return limits.hit(kind=kind, subject=limits.address_of(request), most=most, within=HOUR)


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    # Read at a door, on a telephone: the answer stands first, without the menus of the site.
    return _closed(render(request, template, context | {"is_bare": True}))


def _closed(answer: HttpResponse) -> HttpResponse:
    """No search engine, no other site learns of the address."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
