"""Addresses of the platform's own domain."""

from django.urls import include, path

from console import entering, views
from console.screens import domains, opening, suspending, towns

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    path("console/", towns.towns, name="towns"),
    path("console/ouvrir/", opening.open_town, name="open_town"),
    path("console/ouverture/<uuid:uid>/", opening.opening, name="opening"),
    path("console/ville/<slug:schema>/", towns.town, name="town"),
    path("console/ville/<slug:schema>/adresses/", domains.domains, name="domains"),
    path("console/ville/<slug:schema>/suspension/", suspending.suspension, name="suspension"),
    path("console/ville/<slug:schema>/assistance/", entering.support, name="support"),
    path("console/facturation/", include("console.billing_desk.urls")),
    path("boite-d-envoi/", views.outbox, name="outbox"),
]
