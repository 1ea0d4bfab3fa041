"""Addresses of « mon espace »."""

from django.urls import path

from aid.personal.views import doors, home, in_my_name, known, requests, rights, staying, volunteering

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
    path("mon-espace/en-mon-nom/", in_my_name.in_my_name, name="in_my_name"),
    path("mon-espace/en-mon-nom/agir/", in_my_name.act_for, name="act_for"),
    path("mon-espace/en-mon-nom/revenir/", in_my_name.stop_acting, name="stop_acting"),
    path("mon-espace/en-mon-nom/<uuid:uid>/retirer/", in_my_name.end_mandate, name="end_mandate"),
    path("mon-espace/en-mon-nom/<uuid:uid>/annuler/", in_my_name.withdraw_invitation, name="withdraw_invitation"),
    path("mon-espace/en-mon-nom/<uuid:uid>/repondre/", in_my_name.answer_invitation, name="answer_invitation"),
    path("mon-espace/demande/<uuid:uid>/", requests.follow, name="request"),
    path("mon-espace/demande/<uuid:uid>/annuler/", requests.cancel_request, name="cancel_request"),
    path("mon-espace/demande/<uuid:uid>/merci/", requests.thank_volunteer, name="thank_volunteer"),
    path("mon-espace/benevole/", volunteering.volunteering, name="volunteering"),
    path("mon-espace/benevole/charte/", volunteering.charter, name="charter"),
    path("mon-espace/benevole/ce-que-je-propose/", volunteering.offer, name="offer"),
    path("mon-espace/benevole/absences/", volunteering.absences, name="absences"),
    path("mon-espace/benevole/absences/<uuid:uid>/retirer/", volunteering.forget_absence, name="forget_absence"),
    path("mon-espace/benevole/reprendre/", volunteering.resume, name="resume"),
    path("mon-espace/benevole/arreter/", volunteering.stop, name="stop_volunteering"),
    path("mon-espace/benevole/rendez-vous/<uuid:uid>.ics", volunteering.appointment, name="appointment"),
    path("mon-espace/porte/", doors.door, name="door"),
    path("mon-espace/porte/sortir/", doors.leave, name="leave"),
]
