"""Endpoints of the API: who may call each, said as data beside its actions.

A room writes its own in `api.py`; `api.urls` gives them their addresses, and settings name what is the same for all:
who calls, pages, errors. To whom things are shown stays in the `access` of each room, as for pages.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import SlugRelatedField
from rest_framework.viewsets import GenericViewSet

from accounts.roles import Role, roles_of
from accounts.scopes import Scope
from accounts.throttles import Throttle

LACKS = "Ce logiciel n’a pas le droit de {}. L’administrateur du territoire peut lui en donner un autre accès."
NOT_FOR_SOFTWARE = "Cette adresse est celle d’une personne connectée : un logiciel n’y entre pas."


class MayCall(BasePermission):
    """Strangers are asked who they are; a role that a session lacks hides an endpoint, as it hides a page.

    A scope that an application lacks is told to it: addresses are public, and who wrote it must know what to ask for.
    """

    def has_permission(self, request: Request, view: "Endpoint") -> bool:
        """Raise what refuses; a method that no endpoint has is refused after this, by its own answer."""
        if view.is_open:
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated
        if request.auth is None:
            if not view.opens_to_sessions or (view.role is not None and view.role not in roles_of(request.user)):
                raise Http404
            return True
        if view.action is None or view.opens_to_software:
            return True
        scope = view.scopes.get(view.action)
        if scope is None:
            raise PermissionDenied(NOT_FOR_SOFTWARE)
        if scope not in request.auth.scopes:
            raise PermissionDenied(LACKS.format(scope.label))
        return True


class Endpoint(GenericViewSet):
    """A resource: open to all, or to sessions of a role and to applications that have the scope of each action."""

    permission_classes: ClassVar = [MayCall]
    throttle_classes: ClassVar = [Throttle]
    is_open = False
    # Whose session may call it.
    role: Role | None = None
    # What an application needs, by action; without a scope, the action is for people only.
    scopes: ClassVar[Mapping[str, Scope]] = {}
    # To any application, whatever its scopes.
    opens_to_software = False
    # What each action does, in a few French words: the schema and the page of documentation say it.
    told: ClassVar[Mapping[str, str]] = {}
    # Of pages: by what their rows follow each other.
    ordering: tuple[str, ...] = ("pk",)

    @property
    def opens_to_sessions(self) -> bool:
        """Whether somebody who signed in may call it, once their role is checked."""
        return self.role is not None or self.opens_to_software

    @classmethod
    def as_view(cls, actions: Mapping[str, str] | None = None, **kwargs: Any) -> Callable[..., HttpResponse]:
        """A view that says what guards it, and whose answers nobody keeps."""
        view = never_cache(super().as_view(actions, **kwargs))
        view.guard = "" if cls.is_open else ", ".join([cls.role or "signed in", *sorted(set(cls.scopes.values()))])
        return view


class Named(SlugRelatedField):
    """A row named by a text of its own; whatever else is sent is refused as a wrong name is."""

    default_error_messages: ClassVar = dict.fromkeys(("does_not_exist", "invalid"), "Choisissez dans la liste.")

    def to_internal_value(self, data: Any) -> Any:
        """The row. Raises ValidationError."""
        if not isinstance(data, str) or "\x00" in data:
            self.fail("invalid")
        return super().to_internal_value(data)
