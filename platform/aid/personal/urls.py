"""Addresses of « mon espace »."""

from django.urls import path

from aid.personal.views import doors, home

app_name = "personal"
urlpatterns = [
    path("mon-espace/", home.home, name="home"),
    path("mon-espace/qui/", doors.who, name="who"),
    path("mon-espace/porte/", doors.door, name="door"),
    path("mon-espace/porte/sortir/", doors.leave, name="leave"),
]
