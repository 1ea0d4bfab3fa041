"""Addresses that every host answers: a town's and the platform's. Include them at the root."""

from django.urls import path

from themes import views

app_name = "themes"
urlpatterns = [
    path("theme.css", views.stylesheet, name="stylesheet"),
    path("taille-du-texte/", views.choose_text_size, name="text_size"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("icone.svg", views.icon, name="icon"),
    path("robots.txt", views.robots, name="robots"),
]
