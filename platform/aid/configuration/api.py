"""Kinds of help, for everybody to read."""

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.serializers import BooleanField, CharField, ChoiceField, ListField, ModelSerializer, Serializer

from accounts.endpoints import Endpoint
from aid.configuration.enums import QuestionType
from aid.configuration.models import KindOfHelp


class AskedSerializer(Serializer):
    """One of the town's own questions about a kind of help."""

    label = CharField()
    type = ChoiceField(QuestionType.choices)
    choices = ListField(child=CharField(), source="offered", help_text="Vide : quelques mots.")
    is_required = BooleanField()


class KindSerializer(ModelSerializer):
    """A kind of help, as the site shows it, and what is asked of who asks for it."""

    questions = AskedSerializer(many=True, source="asked", read_only=True)

    class Meta:
        model = KindOfHelp
        fields = ("slug", "name", "description", "icon", "usual_minutes", "questions")


class Kinds(ListModelMixin, RetrieveModelMixin, Endpoint):
    """What people may ask for."""

    is_open = True
    serializer_class = KindSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("position", "name")
    told: ClassVar = {"list": "Les aides que l’on peut demander ici", "retrieve": "Une aide"}

    def get_queryset(self) -> QuerySet[KindOfHelp]:
        """Those that are offered."""
        return KindOfHelp.objects.offered()
