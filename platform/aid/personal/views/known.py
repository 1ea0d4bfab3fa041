"""« Ce que nous savons de vous »: on a page, and as files."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.views.decorators.http import require_safe

from aid.personal.views.frame import Here, personal_page
from aid.privacy.consents import standing
from aid.privacy.enums import RightKind, RightState
from aid.privacy.holdings import known_of
from aid.privacy.models import RightsRequest
from aid.privacy.printing import known_pdf as printed
from aid.privacy.services import exported
from aid.privacy.texts import BY_KIND, RIGHTS, RightWords
from core.json_files import json_answer
from core.printing import pdf_answer
from themes.brand import brand_of

MOST_SHOWN = 10
FILE = "ce-que-la-ville-sait"
SAID = {
    RightState.ASKED: "Votre demande est arrivée.",
    RightState.IN_HAND: "Quelqu’un s’en occupe.",
    RightState.DONE: "C’est fait.",
    RightState.REFUSED: "Nous n’avons pas pu le faire.",
    RightState.WITHDRAWN: "Vous avez changé d’avis.",
    RightState.LIFTED: "Vous avez changé d’avis : nous vous écrivons de nouveau.",
}


@dataclass(frozen=True)
class Asked:
    """One thing that was asked: where it stands, and the button that takes it back, if any."""

    request: RightsRequest
    words: RightWords
    said: str
    undo: str


@personal_page
@require_safe
def known(request: HttpRequest, here: Here) -> HttpResponse:
    """All that the town knows of who is here, why, and what they asked of it."""
    theirs = RightsRequest.objects.filter(person=here.person).order_by("-pk")[:MOST_SHOWN]
    context = {"known": known_of(here.person), "rights": RIGHTS, "asked": [_asked(one) for one in theirs]}
    context["consents"] = standing(here.person)
    return render(request, "aid/personal/known.html", context)


@personal_page
@require_safe
def known_file(request: HttpRequest, here: Here) -> HttpResponse:
    """The same, to take away."""
    return json_answer(exported(here.person), name=FILE)


@personal_page
@require_safe
def known_pdf(request: HttpRequest, here: Here) -> HttpResponse:
    """The same, to read or to print."""
    return pdf_answer(printed(here.person, brand=brand_of(request)), name=FILE)


def _asked(one: RightsRequest) -> Asked:
    said = SAID[RightState(one.state)]
    if one.is_waiting:
        said = f"{said} Réponse avant le {formats.date_format(one.due_on, 'j F Y')}."
    undo = "Retirer cette demande" if one.is_waiting else ""
    if one.kind == RightKind.OBJECT:
        undo = "Me contacter de nouveau" if one.is_waiting or one.state == RightState.DONE else ""
    return Asked(one, BY_KIND[RightKind(one.kind)], said, undo)
