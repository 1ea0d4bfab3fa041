"""The directory in the back-office: its themes. Who is a referent is decided at the desk, with their card."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from aid.directory.models import Theme


class ThemeViewSet(ModelViewSet):
    """What referents know about."""

    model = Theme
    icon = "tag"
    menu_label = "Thèmes des référents"
    menu_order = 160
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "position"]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("icon"), FieldPanel("position")]
