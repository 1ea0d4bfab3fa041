"""The town's identity, rules and kinds of help in the back-office."""

from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.contrib.settings.registry import register_setting

from aid.configuration.models import AccessibilityStatement, Identity, KindOfHelp, Rules

register_setting(Identity, icon="home", order=10)
register_setting(Rules, icon="cogs", order=20)
register_setting(AccessibilityStatement, icon="view", order=30)


class KindOfHelpViewSet(ModelViewSet):
    """Kinds of help: hidden rather than removed, since figures and requests speak of them."""

    model = KindOfHelp
    icon = "group"
    menu_label = "Aides"
    menu_order = 150
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "description", BooleanColumn("is_offered", label="Proposée")]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("icon"),
        FieldRowPanel([FieldPanel("usual_minutes"), FieldPanel("position")]),
        FieldPanel("is_offered"),
    ]
