"""What volunteers may bring along, in the back-office."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet

from aid.offers.models import Means


class MeansViewSet(ModelViewSet):
    """Means: hidden rather than removed, since volunteers have told theirs."""

    model = Means
    icon = "key"
    menu_label = "Moyens"
    menu_order = 155
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", BooleanColumn("is_offered", label="Proposé")]
    panels = [FieldPanel("name"), FieldPanel("position"), FieldPanel("is_offered")]
