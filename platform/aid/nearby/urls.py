"""Addresses where somebody chooses a neighbour and writes to them."""

from django.urls import path

from aid.nearby import views

app_name = "nearby"
urlpatterns = [
    path("pres-de-chez-moi/", views.neighbours, name="neighbours"),
    path("pres-de-chez-moi/<uuid:uid>/ecrire/", views.write, name="write"),
    path("suivi/<str:token>/messages/", views.messages, name="messages"),
    path("suivi/<str:token>/a-l-equipe/", views.leave, name="leave"),
]
