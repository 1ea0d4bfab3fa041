"""Where Wagtail finds what is the house's own."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.back_office import WelcomePanel


@hooks.register("insert_global_admin_css")
def house_colours() -> SafeString:
    """The colours of the back-office."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/back_office.css"))


@hooks.register("construct_homepage_panels")
def welcome(request: HttpRequest, panels: list[object]) -> None:
    """Put what to do first in front."""
    panels.insert(0, WelcomePanel())


@hooks.register("construct_main_menu")
def without_help_of_wagtail(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's help is in English and on its makers' site: nothing of a town leads there."""
    items[:] = [item for item in items if item.name != "help"]
