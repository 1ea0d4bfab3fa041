"""« Ce que nous savons de vous »: on a page, and as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aid.personal.views.frame import Here, personal_page
from aid.privacy.holdings import known_of
from aid.privacy.services import exported
from core.json_files import json_answer


@personal_page
@require_safe
def known(request: HttpRequest, here: Here) -> HttpResponse:
    """All that the town knows of who is here, and why."""
    return render(request, "aid/personal/known.html", {"known": known_of(here.person)})


@personal_page
@require_safe
def known_file(request: HttpRequest, here: Here) -> HttpResponse:
    """The same, to take away."""
    return json_answer(exported(here.person), name="ce-que-la-ville-sait")
