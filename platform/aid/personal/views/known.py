"""« Ce que nous savons de vous »: on a page, and as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aid.personal.views.frame import Here, page_under_mandate
from aid.privacy.enums import SeenOn
from aid.privacy.holdings import known_of
from aid.privacy.services import exported, note_reading
from aid.relations.enums import Deed, Scope
from aid.relations.services import note_deed
from core.json_files import json_answer


@page_under_mandate(Scope.KNOWN)
@require_safe
def known(request: HttpRequest, here: Here) -> HttpResponse:
    """All that the town knows of who is here, or of whom they act for, and why."""
    _note(here)
    known_rows = known_of(here.subject, to_another=here.mandate is not None)
    return render(request, "aid/personal/known.html", {"known": known_rows, "mandate": here.mandate})


@page_under_mandate(Scope.KNOWN)
@require_safe
def known_file(request: HttpRequest, here: Here) -> HttpResponse:
    """The same, to take away."""
    _note(here)
    return json_answer(exported(here.subject, to_another=here.mandate is not None), name="ce-que-la-ville-sait")


def _note(here: Here) -> None:
    """What is read for somebody else is kept twice: among what was done for them, and among who saw their card."""
    if here.mandate is not None:
        note_deed(Deed.READ_KNOWN, mandate=here.mandate)
        note_reading(here.subject, screen=SeenOn.KNOWN, by_person=here.person)
