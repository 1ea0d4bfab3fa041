"""Addresses of the API."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from rest_framework.routers import SimpleRouter

from aid.configuration.api import Kinds
from aid.directory.api import Referents
from aid.help_requests.api import FiledRequests, Needs
from aid.offers.api import Offers
from aid.partners.api import Flags, Grid
from aid.personal.api import OwnProposals, OwnRequests
from aid.territory.api import Places
from api import views


class Anything(StringConverter):
    """The rest of an address, be it of several lines."""

    regex = r"(?s:.+)"


register_converter(Anything, "anything")
app_name = "api"
router = SimpleRouter(use_regex_path=False)
router.register("aides", Kinds, basename="kinds")
router.register("lieux", Places, basename="places")
router.register("besoins", Needs, basename="needs")
router.register("offres", Offers, basename="offers")
router.register("referents", Referents, basename="referents")
router.register("demandes", FiledRequests, basename="requests")
router.register("signalements", Flags, basename="flags")
router.register("moi/demandes", OwnRequests, basename="own_requests")
router.register("moi/propositions", OwnProposals, basename="own_proposals")
urlpatterns = [
    path("", views.documentation, name="documentation"),
    path("v1/schema/", views.schema, name="schema"),
    path("v1/moi/", views.Me.as_view({"get": "retrieve"}), name="me"),
    path("v1/grille/", Grid.as_view({"get": "retrieve"}), name="grid"),
    path("v1/", include(router.urls)),
    path("<anything:rest>", views.absent, name="absent"),
]
