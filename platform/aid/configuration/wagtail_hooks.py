"""Where Wagtail finds the screens of this room."""

from wagtail import hooks

from aid.configuration.back_office import KindOfHelpViewSet


@hooks.register("register_admin_viewset")
def kinds_of_help() -> KindOfHelpViewSet:
    """« Aides » in the menu."""
    return KindOfHelpViewSet("kinds_of_help")
