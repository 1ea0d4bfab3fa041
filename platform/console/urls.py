"""Addresses of the platform's own domain."""

from django.urls import path

from console import entering, views

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    path("console/", views.towns, name="towns"),
    path("console/ville/<slug:schema>/assistance/", entering.support, name="support"),
    path("boite-d-envoi/", views.outbox, name="outbox"),
]
