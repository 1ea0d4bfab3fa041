"""Who speaks on this page: the brand of a town, or Palier's own where no town is at home."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

from themes.looks import Look, drawing_of, stylesheet_of

NO_BREAK_SPACE = "\u00a0"
_FRENCH_LENGTH = len("+33123456789")
# Réunion and Mayotte, Guadeloupe, Guyane, Martinique: dialled as other French numbers from all of France.
_OVERSEAS, _OVERSEAS_LENGTH = ("+262", "+590", "+594", "+596"), len("+262692123456")


def format_telephone(number: str) -> str:
    """Write an E.164 number as the French read it, `01 23 45 67 89` or `0692 12 34 56`, joined by no-break spaces.

    A number from abroad comes back as it is.
    """
    if number.startswith(_OVERSEAS) and len(number) == _OVERSEAS_LENGTH:
        digits = "0" + number[4:]
        return NO_BREAK_SPACE.join([digits[:4], digits[4:6], digits[6:8], digits[8:]])
    if not (number.startswith("+33") and len(number) == _FRENCH_LENGTH):
        return number
    digits = "0" + number.removeprefix("+33")
    return NO_BREAK_SPACE.join(digits[start : start + 2] for start in range(0, len(digits), 2))


@dataclass(frozen=True)
class Link:
    """A label and the address that it leads to."""

    label: str
    url: str


@dataclass(frozen=True)
class BrandIcon:
    """A square PNG made from the logo, for browsers and home screens; `purpose` is the manifest's."""

    url: str
    size: int  # pixels
    purpose: str = "any"


@dataclass(frozen=True)
class Brand:
    """What every page of a site says about who runs it. Empty text means « nothing to show »."""

    name: str
    brand_colour: str  # #rrggbb, already validated
    tagline: str = ""
    place_phrase: str = ""  # « de Pont-Sainte-Maxence », to follow a noun
    telephone: str = ""  # E.164: +33344720000
    opening_hours: str = ""
    email: str = ""
    address: str = ""
    logo_url: str | None = None
    logo_alt: str = ""
    icons: tuple[BrandIcon, ...] = ()
    look: str = Look.STREET
    accessibility_status: str = "non conforme"
    accessibility_url: str = ""
    legal_links: tuple[Link, ...] = field(default=())

    @property
    def telephone_display(self) -> str:
        """The telephone as it is read aloud, with no-break spaces."""
        return format_telephone(self.telephone)

    @property
    def drawing(self) -> str:
        """The template of its hero's drawing."""
        return drawing_of(self.look)

    @property
    def look_stylesheet(self) -> str:
        """The static file of its look."""
        return stylesheet_of(self.look)

    @property
    def icon_url(self) -> str:
        """The smallest icon made from its logo; empty where there is no logo."""
        return min(self.icons, key=lambda icon: icon.size).url if self.icons else ""

    @property
    def initial(self) -> str:
        """The letter that stands for the brand where there is no room for a logo."""
        return self.name[:1].upper()


PLATFORM_BRAND = Brand(
    name="Palier",
    tagline="L’entraide entre voisins, portée par votre commune",
    brand_colour="#0B6E4F",
)

BrandProvider = Callable[[HttpRequest], Brand | None]
_providers: list[BrandProvider] = []


def register_brand_provider(provider: BrandProvider) -> BrandProvider:
    """Have `provider` asked for the brand of each request; it answers None where it knows none.

    Called once, from an application's `ready()`. Returns the provider, so it also serves as a decorator.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def unregister_brand_provider(provider: BrandProvider) -> None:
    """Forget `provider`: for tests, which register their own. Raises ValueError if it is not there."""
    _providers.remove(provider)


def brand_of(request: HttpRequest) -> Brand:
    """The brand of the site that this request reached; Palier's own when no provider answers.

    Providers are asked once a request.
    """
    known = getattr(request, "palier_brand", None)
    if known is None:
        answers = (provider(request) for provider in _providers)
        known = next((brand for brand in answers if brand is not None), PLATFORM_BRAND)
        request.palier_brand = known
    return known
