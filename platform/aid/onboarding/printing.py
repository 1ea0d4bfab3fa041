"""The charter on paper: to read, and to sign with a pen."""

from pathlib import Path

from django.utils import timezone

from aid.onboarding.charters import blocks
from aid.onboarding.models import Charter
from core.french import day_words
from themes.brand import Brand
from themes.printing import print_document

TEMPLATE = Path(__file__).parent / "typst" / "charter.typ"


def charter_pdf(charter: Charter, *, brand: Brand, name: str = "") -> bytes:
    """One version of the charter, with its number and a place to sign; `name` is who signs. Raises PrintingError."""
    data = {
        "blocks": [{"layout": str(block.layout), "lines": list(block.lines)} for block in blocks(charter.text)],
        "version": f"Version {charter.number}, publiée le {day_words(timezone.localdate(charter.published_at))}",
        "name": name,
    }
    return print_document(TEMPLATE, brand=brand, title="La charte des bénévoles", data=data)
