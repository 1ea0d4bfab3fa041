"""Addresses where a public text is reported."""

from django.urls import path

from aid.moderation import views

app_name = "moderation"
urlpatterns = [
    path("signaler/<slug:kind>/<str:token>/", views.report, name="report"),
    path("signaler/<slug:kind>/<str:token>/merci/", views.thanks, name="thanks"),
]
