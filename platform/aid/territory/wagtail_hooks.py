"""Where Wagtail finds the screens of this room."""

from wagtail import hooks

from aid.territory.back_office import TerritoryGroup


@hooks.register("register_admin_viewset")
def territory_group() -> TerritoryGroup:
    """Add « Territoire » to the back-office."""
    return TerritoryGroup()
