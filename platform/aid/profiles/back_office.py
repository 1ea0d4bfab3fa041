"""Interests in the back-office: the town's own list."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet

from aid.profiles.models import Interest


class InterestViewSet(ModelViewSet):
    """What people may say that they like. One that is taken away leaves the presentations that held it."""

    model = Interest
    icon = "pick"
    menu_label = "Centres d’intérêt"
    menu_order = 160
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", BooleanColumn("is_offered", label="Proposé")]
    search_fields = ["name"]
    panels = [
        FieldPanel("name", help_text="Ce qui suit « j’aime » : cuisiner, le cinéma. Ni âge, ni métier, ni famille."),
        FieldPanel("position"),
        FieldPanel("is_offered"),
    ]
