"""What an installation may have set wrong about maps."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError

from themes.maps import validate_tiles


@register()
def check_map_tiles(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """MAP_TILES_URL is an address of tiles in https, and comes with a credit."""
    if not settings.MAP_TILES_URL:
        return []
    try:
        validate_tiles(settings.MAP_TILES_URL)
    except ValidationError as error:
        return [Error(f"MAP_TILES_URL : {error.messages[0]}", id="territory.E001")]
    if not settings.MAP_TILES_CREDIT:
        return [Error("MAP_TILES_CREDIT est vide : dites qui fournit ces images.", id="territory.E002")]
    return []
