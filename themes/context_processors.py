"""What `base.html` needs on every page."""

from functools import partial
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
    """`brand`, `text_size`, `text_sizes`, `stylesheet_url`, `menu` (items by slot), `site_notice`, `bands`."""
    brand = brand_of(request)
    return {
        "brand": brand,
        "text_size": text_size_of(request),
        "text_sizes": list(TextSize),
        "stylesheet_url": f"{reverse('themes:stylesheet')}?v={compute_version(brand.brand_colour)}",
        "site_notice": settings.SITE_NOTICE,
        "bands": bands_of(request),
        # Asked for once a page shows them: some stand without menus.
        "menu": {slot.value: SimpleLazyObject(partial(menu_of, request, slot)) for slot in Slot},
    }
