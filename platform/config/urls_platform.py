"""Addresses of the platform's own site: the operator's, and what the proxy asks."""

from django.urls import include, path

from tenants.views import may_have_certificate
from themes.views import components

urlpatterns = [
    path("domaine-connu/", may_have_certificate, name="may_have_certificate"),
    path("composants/", components, name="components"),
    path("", include("themes.urls")),
    path("", include("accounts.urls")),
    path("", include("console.urls")),
]
