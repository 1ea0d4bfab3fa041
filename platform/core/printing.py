"""The door to PDFs: Typst lays out our templates, from data that it is handed and nothing else."""

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone


class PrintingError(Exception):
    """A template and its data do not go together: a mistake of ours, never of who asked for the page."""


# What a PDF promises a screen reader. A sign that no font of ours draws breaks it: the same page is then made without.
PROMISED = (["ua-1"], [])


def pdf(template: Path, data: dict[str, Any], *, promised: Sequence[list[str]] = PROMISED) -> bytes:
    """Lay out a Typst template that reads `json(bytes(sys.inputs.data))`: a tagged PDF that says what it is (PDF/UA-1).

    Data are texts, numbers, lists and dicts: none is read as markup, whatever is typed in it. A sign that no font of
    the house draws, as 漢 or an emoji, shows as a square, in a PDF still tagged that promises no standard: the lists of
    standards are tried in order, and who gives one list has no other. Files are those of the project: nothing is
    fetched. Raises PrintingError.
    """
    for standards in promised:
        with suppress(typst.TypstError):
            return typst.compile(
                template,
                root=settings.ROOT,
                font_paths=_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=standards,
            )
    # Typst's own words quote what is printed, and this ends in logs.
    raise PrintingError(template.name)


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the house, and those that Typst brings: looked for and read once, not at each page."""
    return typst.Fonts(include_system_fonts=False, font_paths=[settings.PRINTING_FONTS])


def pdf_answer(content: bytes, *, name: str) -> HttpResponse:
    """A PDF to save or print, dated; no browser nor proxy keeps it."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.pdf"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
