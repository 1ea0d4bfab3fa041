"""The territory in the back-office: districts and sectors. Covered communes follow the town's contract."""

from django.db.models import QuerySet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from aid.territory.models import District, Sector


class DistrictIndexView(IndexView):
    """The list of districts."""

    def get_base_queryset(self) -> QuerySet:
        """Bring the name of each commune along."""
        return super().get_base_queryset().select_related("commune__commune")


class DistrictViewSet(ModelViewSet):
    """Districts, by commune."""

    model = District
    index_view_class = DistrictIndexView
    icon = "site"
    menu_label = "Quartiers"
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "commune"]
    list_filter = ["commune"]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("commune"),
        FieldRowPanel(
            [FieldPanel("latitude"), FieldPanel("longitude")],
            heading="Centre du quartier",
            help_text="Facultatif, en degrés. Il sert à dire une distance, jamais à montrer une adresse.",
        ),
    ]


class SectorViewSet(ModelViewSet):
    """Sectors, which group communes and districts."""

    model = Sector
    icon = "folder-open-inverse"
    menu_label = "Secteurs"
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name"]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("communes"), FieldPanel("districts")]


class TerritoryGroup(ModelViewSetGroup):
    """« Territoire » in the menu."""

    menu_label = "Territoire"
    menu_icon = "site"
    items = [DistrictViewSet("territory_districts"), SectorViewSet("territory_sectors")]
