"""Addresses where a request is asked for and followed."""

from django.urls import path

from aid.help_requests.views import asking, coming_again, following

app_name = "help_requests"
urlpatterns = [
    path("demander/", asking.what, name="what"),
    path("demander/quand/", asking.when, name="when"),
    path("demander/vous/", asking.you, name="you"),
    path("demander/code/", asking.code, name="code"),
    path("suivi/<str:token>/", following.follow, name="follow"),
    path("suivi/<str:token>/modifier/", following.amend_request, name="amend"),
    path("suivi/<str:token>/annuler/", following.cancel_request, name="cancel"),
    path("suivi/<str:token>/chaque-fois/", coming_again.series, name="series"),
    path("suivi/<str:token>/merci/", following.thank_volunteer, name="thank"),
    path("suivi/<str:token>/bilan/", following.say_how, name="how"),
]
