"""One's own requests and proposals over the API, for who signed in on the site: what « mon espace » shows them."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_201_CREATED

from accounts.endpoints import Endpoint
from accounts.roles import Role
from aid.help_requests import services
from aid.help_requests.access import requests_of
from aid.help_requests.api import NeedSerializer, RequestSerializer
from aid.help_requests.enums import CANCEL, GOING
from aid.help_requests.known_askers import ask_oneself
from aid.help_requests.models import HelpRequest
from aid.moderation.sanctions import is_excluded
from aid.people.models import Person
from aid.personal.views.frame import here_of
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from aid.proposals.access import proposal_of, proposals_of
from aid.proposals.api import MissionSerializer, ProposalSerializer
from aid.proposals.models import Proposal
from aid.proposals.services import accept, decline

WHO_ARE_YOU = "Plusieurs personnes entrent par ce compte. Dites d’abord qui vous êtes, dans « Mon espace »."
EXCLUDED = "Votre accès est fermé pour le moment. Voyez pourquoi dans « Mon espace »."


class ComesSerializer(serializers.Serializer):
    """Who comes, between the yes and the end."""

    first_name = serializers.CharField()
    phone = serializers.CharField()


class OwnRequestSerializer(RequestSerializer):
    """A request as who asked reads it (help_requests.views.following)."""

    comes = serializers.SerializerMethodField()
    may_cancel = serializers.SerializerMethodField()
    may_thank = serializers.SerializerMethodField()

    class Meta(RequestSerializer.Meta):
        fields = (*RequestSerializer.Meta.fields, "address", "details", "thanks", "comes", "may_cancel", "may_thank")
        read_only_fields = fields

    def get_comes(self, asked: HelpRequest) -> ComesSerializer(allow_null=True):
        """Nobody before a yes, nor after the end; where several do, the first of them."""
        return ComesSerializer(asked.volunteer.person).data if asked.state in GOING else None

    def get_may_cancel(self, asked: HelpRequest) -> bool:
        """Whether it may be cancelled now."""
        return asked.state in CANCEL.sources

    def get_may_thank(self, asked: HelpRequest) -> bool:
        """Whether it is time to say thank you."""
        return asked.may_thank


class ThanksSerializer(serializers.Serializer):
    """A word for who came."""

    words = serializers.CharField(required=False, allow_blank=True, default="", max_length=services.LONGEST_WORDS)


class Own(Endpoint):
    """What is somebody's own. It does not exist while they act for another: the site alone says so on every page."""

    role = Role.RESIDENT
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    @property
    def person(self) -> Person:
        """Who is here. Raises PermissionDenied for who must say it first, or is excluded; Http404 under a mandate."""
        here = here_of(self.request)
        if here is None:
            raise PermissionDenied(WHO_ARE_YOU)
        if here.mandate is not None:
            raise Http404
        if is_excluded(here.person):
            raise PermissionDenied(EXCLUDED)
        return here.person


class OwnRequests(ListModelMixin, RetrieveModelMixin, Own):
    """One's own requests."""

    serializer_class = OwnRequestSerializer
    ordering = ("-day", "-pk")
    told: ClassVar = {
        "list": "Mes demandes",
        "retrieve": "Une de mes demandes",
        "create": "Demander un coup de main",
        "cancel": "Annuler ma demande",
        "thank": "Remercier qui est venu",
    }

    def get_queryset(self) -> QuerySet[HelpRequest]:
        """Their own."""
        return requests_of(self.person)

    @extend_schema(request=NeedSerializer, responses={201: OwnRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask."""
        person = self.person
        sent = NeedSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = ask_oneself(person, need=sent.need(), uid=sent.validated_data.get("uid"))
        return Response(self.get_serializer(asked).data, status=HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="annuler")
    def cancel(self, request: Request, uid: UUID) -> Response:
        """Nothing is needed any more."""
        own = self.get_queryset()
        shown = get_object_or_404(own, uid=uid)
        services.cancel(shown, by_person=shown.person)
        return Response(self.get_serializer(own.get(pk=shown.pk)).data)

    @extend_schema(request=ThanksSerializer)
    @action(detail=True, methods=["post"], url_path="merci")
    def thank(self, request: Request, uid: UUID) -> Response:
        """Say thank you."""
        own = self.get_queryset()
        shown = get_object_or_404(own, uid=uid)
        said = ThanksSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        services.thank(shown, words=said.validated_data["words"])
        return Response(self.get_serializer(own.get(pk=shown.pk)).data)


class OwnProposals(ListModelMixin, Own):
    """What one is asked as a volunteer. A proposal is named by the request that it is about."""

    serializer_class = ProposalSerializer
    ordering = ("-asked_at", "-pk")
    told: ClassVar = {
        "list": "Ce que l’on me propose, et là où je vais",
        "retrieve": "Une proposition ; après un oui, chez qui je vais",
        "accept": "Dire oui ; « outcome » dit si quelqu’un y va déjà",
        "decline": "Dire non",
    }

    def get_queryset(self) -> QuerySet[Proposal]:
        """Their own."""
        return proposals_of(self.person)

    @extend_schema(responses=MissionSerializer)
    def retrieve(self, request: Request, uid: UUID) -> Response:
        """One of them; that they read to whom they go is kept."""
        return self._show(proposal_of(self.person, uid))

    @extend_schema(request=None, responses=MissionSerializer)
    @action(detail=True, methods=["post"], url_path="oui")
    def accept(self, request: Request, uid: UUID) -> Response:
        """Yes."""
        person = self.person
        accept(proposal_of(person, uid))
        return self._show(proposal_of(person, uid))

    @extend_schema(request=None, responses=MissionSerializer)
    @action(detail=True, methods=["post"], url_path="non")
    def decline(self, request: Request, uid: UUID) -> Response:
        """No."""
        person = self.person
        decline(proposal_of(person, uid))
        return self._show(proposal_of(person, uid))

    def _show(self, proposal: Proposal) -> Response:
        if proposal.shows_whom:
            note_reading(proposal.request.person, screen=SeenOn.MISSION, by_person=proposal.volunteer.person)
        return Response(MissionSerializer(proposal).data)
