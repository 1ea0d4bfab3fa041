"""What is the house's own in the back-office: its first panel and its menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from cms.pages.models import HomePage
from cms.pages.news import NewsIndexPage


class WelcomePanel(Component):
    """What an administrator does first; each link only for who may follow it."""

    order = 10
    template_name = "cms/welcome_panel.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """The links."""
        request: HttpRequest = parent_context["request"]
        links = [{"label": "Voir le site", "text": "Tel que les habitants le voient.", "url": "/", "icon": "site"}]
        if request.user.has_perm("configuration.change_identity"):
            links.append(
                {
                    "label": "Nom, couleur, téléphone",
                    "text": "Ce qui s’affiche sur chaque page, et le numéro à appeler.",
                    "url": reverse("wagtailsettings:edit", args=("configuration", "identity")),
                    "icon": "cog",
                }
            )
        home = HomePage.objects.first()
        if home and home.permissions_for_user(request.user).can_edit():
            links.append(
                {
                    "label": "Écrire la page d’accueil",
                    "text": "Le grand titre, les étapes, les aides proposées.",
                    "url": reverse("wagtailadmin_pages:edit", args=(home.pk,)),
                    "icon": "edit",
                }
            )
        news = NewsIndexPage.objects.first()
        if news and news.permissions_for_user(request.user).can_add_subpage():
            links.append(
                {
                    "label": "Écrire une nouvelle",
                    "text": "Elle s’affiche sur la page d’accueil aussitôt publiée.",
                    "url": reverse("wagtailadmin_pages:add", args=("cms", "newspage", news.pk)),
                    "icon": "doc-full",
                }
            )
        if request.user.has_perm("territory.add_district"):
            links.append(
                {
                    "label": "Nommer les quartiers",
                    "text": "Pour dire où sans jamais montrer une adresse.",
                    "url": reverse("territory_districts:index"),
                    "icon": "site",
                }
            )
        return {"links": links}
