"""What is printed for volunteers: a poster for events, the charter to sign with a pen."""

from pathlib import Path
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import qr
from aid.configuration.addresses import address_of
from aid.desk import access
from aid.desk.views.frame import desk_screen
from aid.onboarding.passing import current_charter
from aid.onboarding.printing import charter_pdf
from core.printing import pdf_answer
from themes.brand import brand_of
from themes.printing import print_document

TEMPLATE = Path(__file__).parents[1] / "printing" / "poster.typ"
# Whoever applies by the code came by the poster.
AT_AN_EVENT = "?par=evenement"


@desk_screen("open_desk")
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """One A4 page to pin up: the town's name and telephone, a few words, the code and the address in letters."""
    page = address_of(reverse("offers:apply"))
    data = {
        "words": "Un peu de temps pour un voisin\xa0? Nous vous accueillons, et nous vous accompagnons.",
        "qr": qr.svg(page + AT_AN_EVENT),
        "page": page.partition("://")[2].rstrip("/"),
    }
    content = print_document(TEMPLATE, brand=brand_of(request), title="Devenez bénévole", data=data)
    return pdf_answer(content, name="affiche-benevoles")


@desk_screen("follow_volunteers")
@require_safe
def charter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The charter of today with the name of a volunteer, to sign on paper."""
    volunteer, text = access.volunteer_of(request.user, uid), current_charter()
    if text is None:
        raise Http404
    content = charter_pdf(text, brand=brand_of(request), name=volunteer.person.full_name)
    return pdf_answer(content, name="charte-a-signer")
