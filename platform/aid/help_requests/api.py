"""Requests over the API: what is asked, as it is sent and as it is told; and what another software files."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED

from accounts.endpoints import Endpoint, Named
from accounts.scopes import Scope
from aid.configuration.models import KindOfHelp
from aid.help_requests import services
from aid.help_requests.access import filed_by
from aid.help_requests.counts import open_by_place
from aid.help_requests.enums import Consent, Moment, Urgency
from aid.help_requests.known_askers import ask_by_software
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import LONGEST_DETAILS, Need
from aid.territory.api import CountSerializer, WhereSerializer

UID = "Un UUID que vous tirez. Le même, envoyé deux fois, ne fait qu’une demande."


class NeedSerializer(WhereSerializer):
    """What is asked for, by whoever asks. Days and hours that cannot be are refused by the services."""

    uid = serializers.UUIDField(required=False, help_text=UID)
    kind = Named("slug", queryset=KindOfHelp.objects.offered(), help_text="Une aide, par son « slug ».")
    day = serializers.DateField(help_text="Aujourd’hui, ou un jour de l’année qui vient.")
    hour = serializers.TimeField(required=False, allow_null=True, help_text="Sans heure, dites le moment.")
    moment = serializers.ChoiceField(Moment.choices, default=Moment.ANY)
    address = serializers.CharField(required=False, allow_blank=True, max_length=200)
    details = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_DETAILS)
    urgency = serializers.ChoiceField(
        Urgency.choices, required=False, help_text="Si c’est pressé. Sinon, ne dites rien : « usual »."
    )

    answers = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        help_text="Aux questions de cette aide, par leurs mots.",
    )

    def need(self) -> Need:
        """What the services want, once it is valid."""
        names = ("kind", "day", "hour", "moment", "commune", "district", "address", "details", "answers", "urgency")
        return Need(**{name: self.validated_data[name] for name in names if name in self.validated_data})


class RequestSerializer(serializers.ModelSerializer):
    """Where a request stands, without anybody's name."""

    kind = serializers.CharField(source="kind.slug")
    commune = serializers.CharField(source="commune.commune_id")
    district = serializers.CharField(source="district.name", allow_null=True)
    state_words = serializers.CharField(source="get_state_display")

    class Meta:
        model = HelpRequest
        fields = (
            "uid", "kind", "day", "hour", "moment", "urgency", "commune", "district", "state", "state_words",
            "created_at",
        )  # fmt: skip
        read_only_fields = fields


class FiledSerializer(NeedSerializer):
    """What a software files for somebody who agreed, and how they did."""

    first_name = serializers.CharField(max_length=80)
    last_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=80)
    phone = serializers.CharField(max_length=40, help_text="Le numéro de la personne, fixe ou mobile.")
    consent = serializers.ChoiceField(
        [(one.value, one.label) for one in (Consent.SPOKEN, Consent.ON_PAPER)],
        help_text="Comment la personne a dit oui : à cette demande, et à ce que la ville en garde.",
    )


class Needs(ListModelMixin, Endpoint):
    """How many look for somebody, for what, where."""

    is_open = True
    serializer_class = CountSerializer
    ordering = ("slug", "code", "part")
    told: ClassVar = {"list": "Combien de demandes cherchent quelqu’un, par aide et par lieu"}

    def get_queryset(self) -> QuerySet[HelpRequest]:
        """Counts."""
        return open_by_place()


class FiledRequests(ListModelMixin, RetrieveModelMixin, Endpoint):
    """What an application filed: its own, and nothing else of the town's."""

    scopes: ClassVar = {
        "list": Scope.REQUESTS_READ,
        "retrieve": Scope.REQUESTS_READ,
        "create": Scope.REQUESTS_WRITE,
        "cancel": Scope.REQUESTS_WRITE,
    }
    serializer_class = RequestSerializer
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-created_at", "-pk")
    told: ClassVar = {
        "list": "Les demandes que votre logiciel a déposées",
        "retrieve": "Une de ces demandes",
        "create": "Déposer une demande pour une personne d’accord",
        "cancel": "Annuler une de ces demandes",
    }

    def get_queryset(self) -> QuerySet[HelpRequest]:
        """Its own."""
        return filed_by(self.request.user)

    @extend_schema(request=FiledSerializer, responses={201: RequestSerializer})
    def create(self, request: Request) -> Response:
        """File one."""
        sent = FiledSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        who: dict[str, Any] = {
            name: sent.validated_data[name] for name in ("first_name", "last_name", "phone", "consent")
        }
        filed = ask_by_software(
            **who,
            need=sent.need(),
            software=request.auth.name,
            by_account=request.user,
            uid=sent.validated_data.get("uid"),
        )
        return Response(self.get_serializer(filed).data, status=HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="annuler")
    def cancel(self, request: Request, uid: UUID) -> Response:
        """Nothing is needed any more."""
        shown = get_object_or_404(self.get_queryset(), uid=uid)
        services.cancel(shown, by_account=request.user)
        return Response(self.get_serializer(self.get_queryset().get(pk=shown.pk)).data)
