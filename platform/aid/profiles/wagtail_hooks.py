"""Where Wagtail finds the screens of this room."""

from wagtail import hooks

from aid.profiles.back_office import InterestViewSet


@hooks.register("register_admin_viewset")
def interests() -> InterestViewSet:
    """« Centres d’intérêt » in the menu."""
    return InterestViewSet("interests")
