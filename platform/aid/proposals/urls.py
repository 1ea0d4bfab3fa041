"""Addresses where volunteers answer."""

from django.urls import path

from aid.proposals import views

app_name = "proposals"
urlpatterns = [
    path("reponse/<str:token>/", views.answer, name="answer"),
    path("reponse/<str:token>/agenda/", views.calendar, name="calendar"),
    path("reponse/<str:token>/inquietude/", views.worry, name="worry"),
]
