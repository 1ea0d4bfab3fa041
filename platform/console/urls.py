"""Addresses of the platform's own domain."""

from django.urls import path

from console import views

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    path("console/", views.towns, name="towns"),
    path("boite-d-envoi/", views.outbox, name="outbox"),
]
