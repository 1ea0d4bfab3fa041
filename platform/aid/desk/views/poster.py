"""A poster for events: a square code that leads to the town's application page."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts import qr
from aid.configuration.addresses import address_of
from aid.desk.views.frame import desk_screen
from core.printing import pdf_answer
from themes.brand import brand_of
from themes.printing import print_document

TEMPLATE = Path(__file__).parents[1] / "printing" / "poster.typ"
# Where somebody applies (aid.offers); whoever comes by the code came by the poster.
APPLICATION, AT_AN_EVENT = "/devenir-benevole/candidature/", "?par=evenement"


@desk_screen("open_desk")
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """One A4 page to pin up: the town's name and telephone, a few words, the code and the address in letters."""
    page = address_of(APPLICATION)
    square = qr.draw(page + AT_AN_EVENT)
    data = {
        "words": f"Un peu de temps pour un voisin ? {brand_of(request).name} vous accueille, et vous accompagne.",
        "qr": _picture(square),
        "page": page.partition("://")[2].rstrip("/"),
    }
    content = print_document(TEMPLATE, brand=brand_of(request), title="Devenez bénévole", data=data)
    return pdf_answer(content, name="affiche-benevoles")


def _picture(square: dict[str, object]) -> str:
    """The square code as an SVG."""
    size, path = square["size"], square["path"]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
