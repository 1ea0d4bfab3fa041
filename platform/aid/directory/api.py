"""Referents over the API: what their public page shows, and nothing more."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.endpoints import Endpoint
from aid.directory import searching
from aid.directory.access import photo_of, referent_of, referents_for
from aid.directory.models import Referent


class ReferentSerializer(serializers.ModelSerializer):
    """Somebody to turn to, as they agreed to be shown."""

    title = serializers.CharField(source="get_title_display")
    email = serializers.CharField()
    themes = serializers.SlugRelatedField("name", many=True, read_only=True)
    places = serializers.SerializerMethodField(help_text="Vide : pour tout le territoire.")
    words = serializers.CharField(source="public_words", label="Quelques mots", read_only=True)
    days = serializers.CharField(source="public_days", label="Quand", read_only=True)
    photo = serializers.SerializerMethodField(help_text="Le chemin de sa photo, si tout le monde peut la voir.")

    class Meta:
        model = Referent
        fields = ("uid", "name", "title", "themes", "places", "words", "phone", "email", "days", "photo")
        read_only_fields = fields

    def get_places(self, referent: Referent) -> list[str]:
        """By their names."""
        return [str(place) for place in searching.places_of(referent)]

    def get_photo(self, referent: Referent) -> str | None:
        """Where it is."""
        return reverse("directory:photo", args=[referent.uid]) if photo_of(referent) else None


class Referents(ListModelMixin, Endpoint):
    """Who serves today."""

    is_open = True
    serializer_class = ReferentSerializer
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("name", "pk")
    told: ClassVar = {"list": "Les référents : vers qui se tourner", "retrieve": "Un référent"}

    def get_queryset(self) -> QuerySet[Referent]:
        """Those whom visitors see."""
        return referents_for(self.request.user).with_places()

    @extend_schema(responses=ReferentSerializer)
    def retrieve(self, request: Request, uid: UUID) -> Response:
        """One of them."""
        return Response(self.get_serializer(referent_of(request.user, uid)).data)
