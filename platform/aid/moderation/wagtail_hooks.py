"""Where Wagtail finds the screens of this room."""

from wagtail import hooks

from aid.moderation.back_office import CheckRuleViewSet


@hooks.register("register_admin_viewset")
def check_rules() -> CheckRuleViewSet:
    """« Relecture » in the menu."""
    return CheckRuleViewSet("check_rules")
