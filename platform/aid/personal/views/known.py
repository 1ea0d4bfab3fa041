"""« Ce que nous savons de vous »: on a page, and as files."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aid.personal.views.frame import Here, page_under_mandate
from aid.privacy.consents import standing
from aid.privacy.enums import RightKind, RightState, SeenOn
from aid.privacy.holdings import known_of
from aid.privacy.models import RightsRequest
from aid.privacy.printing import known_pdf as printed
from aid.privacy.services import exported, note_reading
from aid.privacy.texts import BY_KIND, RIGHTS, RightWords
from aid.relations.enums import Deed, Scope
from aid.relations.services import note_deed
from core.french import day_words
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
    RightState.LIFTED: "Vous avez changé d’avis : nous vous écrivons de nouveau.",
}


@dataclass(frozen=True)
class Asked:
    """One thing that was asked: where it stands, and the button that takes it back, if any."""

    request: RightsRequest
    words: RightWords
    said: str
    undo: str


@page_under_mandate(Scope.KNOWN)
@require_safe
def known(request: HttpRequest, here: Here) -> HttpResponse:
    """All that the town knows of who is here, or of whom they act for, and why; one's own demands are one's own."""
    _note(here)
    is_own = here.mandate is None
    theirs = RightsRequest.objects.filter(person=here.subject).order_by("-pk")[:MOST_SHOWN] if is_own else ()
    context = {
        "known": known_of(here.subject, to_another=not is_own),
        "mandate": here.mandate,
        "rights": RIGHTS if is_own else (),
        "asked": [_asked(one) for one in theirs],
        "consents": standing(here.subject) if is_own else [],
    }
    return render(request, "aid/personal/known.html", context)


@page_under_mandate(Scope.KNOWN)
@require_safe
def known_file(request: HttpRequest, here: Here) -> HttpResponse:
    """The same, to take away."""
    _note(here)
    return json_answer(exported(here.subject, to_another=here.mandate is not None), name=FILE)


@page_under_mandate(Scope.KNOWN)
@require_safe
def known_pdf(request: HttpRequest, here: Here) -> HttpResponse:
    """The same, to read or to print."""
    _note(here)
    printed_rows = printed(here.subject, brand=brand_of(request), to_another=here.mandate is not None)
    return pdf_answer(printed_rows, name=FILE)


def _note(here: Here) -> None:
    """What is read for somebody else is kept twice: among what was done for them, and among who saw their card."""
    if here.mandate is not None:
        note_deed(Deed.READ_KNOWN, mandate=here.mandate)
        note_reading(here.subject, screen=SeenOn.KNOWN, by_person=here.person)


def _asked(one: RightsRequest) -> Asked:
    said = SAID[RightState(one.state)]
    if one.is_waiting:
        said = f"{said} Réponse avant le {day_words(one.due_on)}."
    undo = "Retirer cette demande" if one.is_waiting else ""
    if one.kind == RightKind.OBJECT:
        undo = "Me contacter de nouveau" if one.is_waiting or one.state == RightState.DONE else ""
    return Asked(one, BY_KIND[RightKind(one.kind)], said, undo)
