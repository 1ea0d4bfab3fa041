"""Printed pages in a town's colours: its name and telephone on each, by `document.typ` beside this file."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from core.french import day_words
from core.printing import pdf
from themes.brand import Brand


def print_document(template: Path, *, brand: Brand, title: str, data: dict[str, Any]) -> bytes:
    """A PDF of this title, from a template that uses `document.typ`; dated of today. Raises PrintingError."""
    town = {"name": brand.name, "colour": brand.brand_colour, "telephone": brand.telephone_display}
    date = day_words(timezone.localdate())
    return pdf(template, {**data, "title": title, "date": date, "town": town})
