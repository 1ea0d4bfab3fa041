"""Who calls, what may be called, and what is not there."""

import functools
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.abilities import get_abilities
from accounts.endpoints import Endpoint
from accounts.roles import roles_of
from accounts.scopes import Scope
from accounts.throttles import Throttle
from api.models import Application

schema = SpectacularJSONAPIView.as_view(throttle_classes=[Throttle])


class ApplicationSerializer(serializers.ModelSerializer):
    """An application, as it reads itself."""

    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))

    class Meta:
        model = Application
        fields = ("name", "scopes", "ends_at")
        read_only_fields = fields


class MeSerializer(serializers.Serializer):
    """Who calls: of a person, what roles they have here and what these let them do; of an application, its own."""

    roles = serializers.ListField(child=serializers.CharField())
    abilities = serializers.DictField(child=serializers.BooleanField())
    application = ApplicationSerializer(allow_null=True)


class Me(Endpoint):
    """Whoever calls."""

    opens_to_software = True
    serializer_class = MeSerializer
    pagination_class = None
    told: ClassVar = {"retrieve": "Qui vous êtes ici, et ce que vous pouvez faire"}

    def retrieve(self, request: Request) -> Response:
        """What the pages know of them too (accounts.abilities)."""
        known = {
            "roles": sorted(roles_of(request.user)),
            "abilities": get_abilities(request.user),
            "application": request.auth,
        }
        return Response(self.get_serializer(known).data)


@dataclass(frozen=True)
class Line:
    """One thing that may be called, as the page of documentation says it."""

    method: str
    path: str
    told: str
    who: str


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """What may be called, in plain words: the schema has the fields."""
    lines = _lines()
    context = {
        "open": [line for line in lines if not line.who],
        "closed": [line for line in lines if line.who],
        "scopes": Scope.choices,
    }
    return render(request, "api/documentation.html", context)


@functools.cache
def _lines() -> tuple[Line, ...]:
    """Drawn once: the same for every town, and some work for whoever asks."""
    drawn = SchemaGenerator().get_schema(request=None, public=True)
    return tuple(
        Line(method.upper(), path, told["summary"], told["x-who"])
        for path, methods in drawn["paths"].items()
        for method, told in methods.items()
    )


@csrf_exempt
def absent(request: HttpRequest, rest: str) -> HttpResponse:
    """What no endpoint answers is told in the language of the API."""
    return JsonResponse({"detail": "Cette adresse n’existe pas."}, status=404)
