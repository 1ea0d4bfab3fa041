"""Where Wagtail finds the screens of this room."""

from wagtail import hooks

from aid.offers.back_office import MeansViewSet


@hooks.register("register_admin_viewset")
def means() -> MeansViewSet:
    """« Moyens » in the menu."""
    return MeansViewSet("means")
