"""Addresses of « mon espace »."""

from django.urls import path

from aid.personal.views import doors, home, known, rights, staying

app_name = "personal"
urlpatterns = [
    path("mon-espace/", home.home, name="home"),
    path("mon-espace/qui/", doors.who, name="who"),
    path("mon-espace/mes-informations/", known.known, name="known"),
    path("mon-espace/mes-informations.json", known.known_file, name="known_file"),
    path("mon-espace/mes-informations.pdf", known.known_pdf, name="known_pdf"),
    path("mon-espace/mes-informations/<slug:slug>/", rights.ask, name="right"),
    path("mon-espace/mes-accords/<slug:kind>/retirer/", rights.withdraw_consent, name="withdraw_consent"),
    path("mon-espace/mes-informations/<uuid:uid>/changer-d-avis/", rights.think_again, name="think_again"),
    path("rester/<str:token>/", staying.stay, name="stay"),
    path("mon-espace/porte/", doors.door, name="door"),
    path("mon-espace/porte/sortir/", doors.leave, name="leave"),
]
