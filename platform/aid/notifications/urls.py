"""Addresses of the outbox, and where a gateway tells what people answer."""

from django.urls import path

from aid.notifications import views

app_name = "notifications"
urlpatterns = [
    path("boite-d-envoi/", views.outbox, name="outbox"),
    path("boite-d-envoi/<int:number>/", views.reply, name="reply"),
    path("sms/recu/", views.receive_sms, name="receive_sms"),
]
