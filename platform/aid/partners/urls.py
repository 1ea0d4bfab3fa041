"""Addresses of partners."""

from django.urls import path

from aid.partners import views

app_name = "partners"
urlpatterns = [
    path("partenaires/", views.flags, name="flags"),
    path("partenaires/signaler/", views.new_flag, name="new_flag"),
    path("partenaires/sortir/", views.leave, name="leave"),
    path("partenaires/lien/<str:token>/", views.enter, name="enter"),
]
