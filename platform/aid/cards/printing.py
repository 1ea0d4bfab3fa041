"""A volunteer's card on paper: an A4 page to cut, that is read aloud too."""

import io
from pathlib import Path

from django.urls import reverse
from PIL import Image, ImageOps

from accounts import qr
from aid.cards.models import Card
from aid.configuration.addresses import address_of
from aid.configuration.logos import HEADER_NAME
from aid.configuration.services import identity
from aid.people.models import Person
from core.french import day_words
from core.pictures import as_bytes
from themes.brand import Brand
from themes.colours import contrast
from themes.printing import print_document

TEMPLATE = Path(__file__).parent / "typst" / "card.typ"
# 27 by 33 mm at 300 dots an inch.
PRINTED_PHOTO = (319, 390)
INKS = ("#ffffff", "#000000")
WHAT_IT_IS = (
    "Cette carte montre que la ville vous connaît et vous envoie. Elle est à vous seulement : ne la prêtez pas."
)


def card_pdf(card: Card, *, brand: Brand) -> bytes:
    """The card of a volunteer, to print. Raises SealError where what seals its token is missing, and PrintingError."""
    person = card.volunteer.person
    page = address_of(page_path(card.get_sealed_display()))
    data = {
        "name": person.public_name,
        "initials": initials_of(person),
        "number": card.number,
        "expires_on": day_words(card.expires_on),
        "page": page,
        "qr": list(qr.svg(page).encode()),
        "photo": _photo(person),
        "logo": _logo(),
        "logo_alt": brand.logo_alt,
        "ink": ink_on(brand.brand_colour),
        "what_it_is": WHAT_IT_IS,
    }
    return print_document(TEMPLATE, brand=brand, title="Votre carte de bénévole", data=data)


def page_path(token: str) -> str:
    """Where a card is checked."""
    return reverse("cards:check", args=[token])


def ink_on(colour: str) -> str:
    """Black or white: what is read best on a colour (WCAG 2: 4.5 at least, whatever the colour)."""
    return max(INKS, key=lambda ink: contrast(ink, colour))


def initials_of(person: Person) -> str:
    """« AM », for a card without a photo."""
    return "".join(name[:1].upper() for name in (person.first_name, person.last_name))


def _photo(person: Person) -> list[int] | None:
    """The photo in the size that is printed; None without one, or if its file is gone."""
    photo = getattr(person, "photo", None)
    content = photo and photo.content()
    if content is None:
        return None
    with Image.open(io.BytesIO(content)) as found:
        return list(as_bytes(ImageOps.fit(found, PRINTED_PHOTO), "JPEG"))


def _logo() -> list[int] | None:
    """The town's logo, as pages show it; None without one, or if its file is gone."""
    logo = identity().logo
    content = logo.bytes_of(HEADER_NAME) if logo else None
    return None if content is None else list(content)
