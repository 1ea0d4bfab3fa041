"""Addresses where volunteers answer, and where who asked chooses among them."""

from django.urls import path

from aid.proposals import views

app_name = "proposals"
urlpatterns = [
    path("reponse/<str:token>/", views.answer, name="answer"),
    path("reponse/<str:token>/agenda/", views.calendar, name="calendar"),
    path("reponse/<str:token>/inquietude/", views.worry, name="worry"),
    path("reponse/<str:token>/desistement/", views.cannot_go, name="withdraw"),
    path("suivi/<str:token>/choisir/<str:candidate>/", views.choose_candidate, name="choose"),
]
