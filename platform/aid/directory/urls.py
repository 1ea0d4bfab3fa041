"""Addresses of the directory: who to turn to; and apart, who is paid."""

from django.urls import path

from aid.directory.views import professionals, referents

app_name = "directory"
urlpatterns = [
    path("referents/", referents.referents, name="referents"),
    path("referents/<uuid:uid>/", referents.referent, name="referent"),
    path("referents/<uuid:uid>/photo/", referents.photo, name="photo"),
    path("professionnels/", professionals.professionals, name="professionals"),
    path("professionnels/proposer/", professionals.propose, name="propose"),
    path("professionnels/merci/", professionals.proposed, name="proposed"),
]
