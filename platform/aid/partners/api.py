"""Flags over the API: a partner's software sends them with the town's grid, and reads what became of each.

What is sent goes through the forms of the partners' own pages: the same questions, the same refusals.
"""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED

from accounts.endpoints import Endpoint
from accounts.roles import Role
from accounts.scopes import Scope
from aid.partners import access, forms, grids, journey
from aid.partners.enums import FlagConsent, Urgency
from aid.partners.models import Flag, GridVersion, PartnerContact
from aid.territory.api import WhereSerializer

UID = "Un UUID que vous tirez. Le même, envoyé deux fois, ne fait qu’un signalement."
NO_SUCH_GRID = "Cette version de la grille n’existe pas."


class FlagSerializer(serializers.ModelSerializer):
    """What the partner reads again: nothing of the person."""

    uid = serializers.UUIDField(source="form_uid")
    state = serializers.CharField(source="told_state", help_text="« reçu », « pris en charge » ou « sans suite ».")

    class Meta:
        model = Flag
        fields = ("uid", "sent_at", "state")
        read_only_fields = fields


class QuestionSerializer(serializers.Serializer):
    """A question of the grid, without its points."""

    key = serializers.CharField()
    text = serializers.CharField()
    help = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField(), help_text="Vide : quelques mots.")


class GridSerializer(serializers.Serializer):
    """The grid in use."""

    number = serializers.IntegerField()
    questions = serializers.SerializerMethodField()

    def get_questions(self, version: GridVersion) -> QuestionSerializer(many=True):
        """As a partner is asked them."""
        told = [
            {
                "key": grids.key_of(number),
                "text": question.text,
                "help": question.help,
                "choices": [one.label for one in question.options] + [grids.UNKNOWN] * bool(question.options),
            }
            for number, question in enumerate(grids.grid_of(version).questions, 1)
        ]
        return QuestionSerializer(told, many=True).data


class NewFlagSerializer(WhereSerializer):
    """What a partner says of somebody. What depends on an answer is checked by the forms of the pages."""

    uid = serializers.UUIDField(required=False, help_text=UID)
    grid = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Le numéro de la grille remplie.")
    answers = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=forms.LONGEST_ANSWER),
        help_text="Par « key » d’une question, le choix ou les mots.",
    )
    consent = serializers.ChoiceField(FlagConsent.choices)
    relative = serializers.CharField(required=False, allow_blank=True, help_text="Qui confirme l’accord, si un proche.")
    why_not_asked = serializers.CharField(required=False, allow_blank=True, help_text="Si l’accord n’est pas demandé.")
    urgency = serializers.ChoiceField(Urgency.choices)
    first_name = serializers.CharField(required=False, allow_blank=True, help_text="Rien sans son accord.")
    last_name = serializers.CharField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True)
    birth_year = serializers.IntegerField(required=False, allow_null=True)
    address = serializers.CharField(required=False, allow_blank=True)
    words = serializers.CharField(required=False, allow_blank=True, max_length=forms.LONGEST_WORDS)

    def typed(self) -> dict[str, Any]:
        """The three pages as somebody would have filled them."""
        told = {name: value for name, value in self.validated_data.items() if value is not None}
        answers, district = told.pop("answers"), told.pop("district", None)
        where = {"commune": told.pop("commune").pk, "district": district.pk if district else ""}
        number = str(told.pop("uid", "") or uuid4())
        form = {journey.STEP: str(journey.LAST), journey.VERSION: told.pop("grid"), journey.FORM: number}
        return answers | told | where | form


class PartnersEndpoint(Endpoint):
    """For who speaks for a partner: by their account, or by the software that was bound to them."""

    role = Role.PARTNER

    @property
    def contact(self) -> PartnerContact:
        """Who it is. Raises Http404 for a contact that is closed."""
        if self.request.auth is None:
            contact = access.contact_of(self.request)
        else:
            contact = access.contact_by_number(self.request.auth.contact_id)
        if contact is None:
            raise Http404
        return contact


class Grid(PartnersEndpoint):
    """The town's screening grid."""

    scopes: ClassVar = {"retrieve": Scope.FLAGS_WRITE}
    serializer_class = GridSerializer
    pagination_class = None
    told: ClassVar = {"retrieve": "La grille de repérage à remplir"}

    def retrieve(self, request: Request) -> Response:
        """The version in use."""
        _ = self.contact
        return Response(self.get_serializer(grids.current()).data)


class Flags(ListModelMixin, PartnersEndpoint):
    """What a contact sent: nobody else's."""

    scopes: ClassVar = {"list": Scope.FLAGS_READ, "retrieve": Scope.FLAGS_READ, "create": Scope.FLAGS_WRITE}
    serializer_class = FlagSerializer
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-sent_at", "-pk")
    told: ClassVar = {
        "list": "Mes signalements, et ce qu’ils deviennent",
        "retrieve": "Un de mes signalements",
        "create": "Signaler une personne isolée",
    }

    def get_queryset(self) -> QuerySet[Flag]:
        """Their own."""
        return access.flags_of(self.contact)

    @extend_schema(responses=FlagSerializer)
    def retrieve(self, request: Request, uid: UUID) -> Response:
        """One of them, by the number that its sender drew."""
        return Response(self.get_serializer(get_object_or_404(self.get_queryset(), form_uid=uid)).data)

    @extend_schema(request=NewFlagSerializer, responses={201: FlagSerializer})
    def create(self, request: Request) -> Response:
        """Send one."""
        contact = self.contact
        sent = NewFlagSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            filled = journey.Journey(sent.typed(), contact)
        except Http404 as error:
            raise serializers.ValidationError({"grid": [NO_SUCH_GRID]}) from error
        wrong = filled.first_wrong()
        if wrong is not None:
            raise serializers.ValidationError(dict(wrong[1].errors))
        return Response(self.get_serializer(filled.send()).data, status=HTTP_201_CREATED)
