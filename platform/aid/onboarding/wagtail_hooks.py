"""Where Wagtail finds the screens of this room."""

from wagtail import hooks

from aid.onboarding.back_office import VolunteersGroup


@hooks.register("register_admin_viewset")
def volunteers() -> VolunteersGroup:
    """« Bénévoles » in the menu."""
    return VolunteersGroup()
