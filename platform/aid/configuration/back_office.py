"""The town's identity, rules and kinds of help in the back-office."""

from django import forms
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.contrib.settings.registry import register_setting

from aid.configuration.kind_form import KindOfHelpForm
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
    list_display = [
        "name",
        "theme",
        "description",
        "get_mode_display",
        BooleanColumn("is_offered", label="Proposée"),
    ]
    list_filter = ["theme", "mode", "is_offered"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("slug"),
                    FieldPanel("description"),
                    FieldPanel("theme"),
                    FieldRowPanel(
                        [
                            FieldPanel("icon"),
                            FieldPanel("picture", help_text="Sur la carte de l’aide, à la place du dessin."),
                        ]
                    ),
                    FieldRowPanel([FieldPanel("usual_minutes"), FieldPanel("position")]),
                    FieldPanel("is_offered"),
                ],
                "L’aide",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("askers"),
                    FieldPanel("helpers"),
                    FieldPanel("people_needed"),
                    FieldPanel("shows_professionals"),
                    # Read through the kind: steps are the business of a room above.
                    HelpPanel(template="aid/configuration/vetting.html", heading="Étapes demandées"),
                ],
                "Qui demande, qui aide",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("mode", widget=forms.RadioSelect),
                    FieldPanel("chooser", widget=forms.RadioSelect),
                    FieldRowPanel([FieldPanel("wave_size"), FieldPanel("wave_minutes")]),
                    FieldPanel("hours_before_coordinator"),
                ],
                "Mise en relation",
            ),
            MultiFieldPanel([FieldRowPanel([FieldPanel("first_month"), FieldPanel("last_month")])], "Saison"),
            MultiFieldPanel([FieldPanel("questions")], "Questions"),
        ],
        base_form_class=KindOfHelpForm,
    )
