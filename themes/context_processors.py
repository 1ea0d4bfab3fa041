"""What `base.html` needs on every page."""

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from themes.bands import bands_of
from themes.brand import brand_of
from themes.menus import Slot, menu_of
from themes.stylesheet import compute_version
from themes.text_size import TextSize, text_size_of


def page(request: HttpRequest) -> dict[str, Any]:
    """`brand`, `text_size`, `text_sizes`, `addresses` (of this room's views), `stylesheet_url`, `menu` (items by slot),
    `site_notice`, `bands`."""
    brand, addresses = brand_of(request), _addresses()
    return {
        "brand": brand,
        "text_size": text_size_of(request),
        "text_sizes": list(TextSize),
        "addresses": addresses,
        "stylesheet_url": f"{addresses['stylesheet']}?v={compute_version(brand.brand_colour)}",
        "site_notice": settings.SITE_NOTICE,
        "bands": bands_of(request),
        # Asked for once a page shows them: some stand without menus.
        "menu": {slot.value: SimpleLazyObject(partial(menu_of, request, slot)) for slot in Slot},
    }


# Every host answers them at the same ones (themes.urls).
@cache
def _addresses() -> dict[str, str]:
    return {name: reverse(f"themes:{name}") for name in ("stylesheet", "icon", "manifest", "text_size")}
