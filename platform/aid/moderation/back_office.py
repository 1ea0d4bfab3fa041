"""The rules of reading in the back-office: each family's words and what they do. None is added nor taken away."""

from django.utils.safestring import SafeString
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.viewsets.model import ModelViewSet

from aid.moderation.models import CheckRule

HELP = SafeString(
    "<p>Une règle peut se tromper : « attendre qu’un agent l’ait lu » vaut presque toujours mieux que « refuser ».</p>"
    "<p>Les prix et les numéros SIRET sont reconnus sans être écrits. Les numéros, adresses e-mail et liens sont "
    "toujours masqués.</p>"
)


class CheckRuleViewSet(ModelViewSet):
    """What is looked for in public texts."""

    model = CheckRule
    icon = "search"
    menu_label = "Relecture"
    menu_order = 160
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["__str__", "get_effect_display"]
    panels = [HelpPanel(HELP), FieldPanel("effect"), FieldPanel("words")]
