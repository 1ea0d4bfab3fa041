"""Addresses of the outbox, of who wants no more e-mails, and where a gateway tells what comes back."""

from django.urls import path

from aid.notifications import views

app_name = "notifications"
urlpatterns = [
    path("boite-d-envoi/", views.outbox, name="outbox"),
    path("boite-d-envoi/<int:number>/", views.reply, name="reply"),
    path("ne-plus-recevoir/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("sms/recu/", views.receive_sms, name="receive_sms"),
    path("sms/etat/", views.receive_state, name="receive_state"),
]
