"""Addresses of « mon espace »."""

from django.urls import path

from aid.personal.views import doors, home, known

app_name = "personal"
urlpatterns = [
    path("mon-espace/", home.home, name="home"),
    path("mon-espace/qui/", doors.who, name="who"),
    path("mon-espace/mes-informations/", known.known, name="known"),
    path("mon-espace/mes-informations.json", known.known_file, name="known_file"),
    path("mon-espace/porte/", doors.door, name="door"),
    path("mon-espace/porte/sortir/", doors.leave, name="leave"),
]
