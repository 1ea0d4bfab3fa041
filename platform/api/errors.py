"""What the API answers when something is refused: a status, and French words by field or under « detail »."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from aid.help_requests.services import LimitReachedError
from aid.help_requests.transitions import NotAllowedError
from aid.partners import services as flags
from core.sealing import SealError

NOT_JSON = "Ce qui est envoyé n’est pas du JSON lisible."
TOO_OFTEN = "Trop d’appels à la fois. Réessayez dans une minute."
NOT_KEPT = "Ce signalement n’a pas pu être gardé. Réessayez plus tard."


class ConflictError(exceptions.APIException):
    """The thing is not where this step starts."""

    status_code = HTTPStatus.CONFLICT


class TooManyError(exceptions.APIException):
    """As many as a day allows."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS


class UnavailableError(exceptions.APIException):
    """It could not be kept: nothing of it was."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error of a service, of a form or of the API; None for one of ours, which is a 500."""
    told = next((tell(error) for kinds, tell in TOLD if isinstance(error, kinds)), error)
    return exception_handler(told, context)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {api_settings.NON_FIELD_ERRORS_KEY: error.messages}
    return {
        api_settings.NON_FIELD_ERRORS_KEY if name == NON_FIELD_ERRORS else name: messages
        for name, messages in error.message_dict.items()
    }


# How each error is told.
TOLD: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Any], Exception]], ...] = (
    (ValidationError, lambda error: exceptions.ValidationError(_by_field(error))),
    ((NotAllowedError, flags.NotAllowedError), lambda error: ConflictError(str(error))),
    ((LimitReachedError, flags.LimitReachedError), lambda error: TooManyError(str(error))),
    (flags.ClosedContactError, lambda error: Http404()),
    (SealError, lambda error: UnavailableError(NOT_KEPT)),
    (exceptions.ParseError, lambda error: exceptions.ParseError(NOT_JSON)),
    (exceptions.Throttled, lambda error: exceptions.Throttled(error.wait, TOO_OFTEN)),
)
