"""Addresses of presentations. A name never stands in one."""

from django.urls import path

from aid.profiles import views

app_name = "profiles"
urlpatterns = [
    path("voisins/", views.neighbours, name="neighbours"),
    path("voisins/<uuid:uid>/", views.neighbour, name="neighbour"),
    path("voisins/<uuid:uid>/coordonnees/", views.contact, name="contact"),
]
