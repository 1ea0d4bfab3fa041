"""Where Wagtail finds the screens of this room."""

from wagtail import hooks

from aid.directory.back_office import ThemeViewSet


@hooks.register("register_admin_viewset")
def themes_of_referents() -> ThemeViewSet:
    """« Thèmes des référents » in the menu."""
    return ThemeViewSet("directory_themes")
