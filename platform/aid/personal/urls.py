"""Addresses of « mon espace »."""

from django.urls import path

from aid.personal import views

app_name = "personal"
urlpatterns = [path("mon-espace/", views.home, name="home")]
