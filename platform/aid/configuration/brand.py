"""Who speaks on a town's pages."""

from django.http import HttpRequest
from django.utils import timezone

from aid.configuration.logos import HEADER_NAME, ICON_SIZES, MASKABLE_NAME, SIDE, LogoFile, icon_name
from aid.configuration.services import accessibility_statement, identity
from tenants.registry import current_town
from themes.brand import Brand, BrandIcon, Link, register_brand_provider

# Where starter pages put them (cms.blueprint); a town may rename their titles, not their addresses.
ACCESSIBILITY_PATH = "/accessibilite/"
LEGAL_LINKS = (
    Link("Mentions légales", "/mentions-legales/"),
    Link("Données personnelles", "/donnees-personnelles/"),
)


def brand_of_town(request: HttpRequest) -> Brand | None:
    """The brand of the town that answers this request; None on the platform's own pages."""
    if current_town() is None:
        return None
    ours = identity()
    return Brand(
        name=ours.public_name,
        tagline=ours.tagline,
        place_phrase=ours.place_phrase,
        brand_colour=ours.brand_colour,
        look=ours.look,
        logo_url=ours.logo.url_of(HEADER_NAME) if ours.logo else None,
        logo_alt=ours.logo_alt,
        icons=_icons(ours.logo) if ours.logo else (),
        telephone=ours.telephone,
        opening_hours=ours.opening_hours,
        email=ours.email,
        address=ours.address,
        accessibility_status=accessibility_statement(ours).label(timezone.localdate()),
        accessibility_url=ACCESSIBILITY_PATH,
        legal_links=LEGAL_LINKS,
    )


def _icons(logo: LogoFile) -> tuple[BrandIcon, ...]:
    """What was made from the logo when it came in."""
    plain = (BrandIcon(logo.url_of(icon_name(size)), size) for size in ICON_SIZES)
    return (*plain, BrandIcon(logo.url_of(MASKABLE_NAME), SIDE, purpose="maskable"))


def register() -> None:
    """Called when the app is ready."""
    register_brand_provider(brand_of_town)
