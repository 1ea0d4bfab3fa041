"""What the screens of the console share."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest

from aid.desk.views.entry import add_errors
from tenants.models import Town

LINES_A_PAGE = 50


def any_town(schema: str) -> Town:
    """A town, whatever its state. Raises Http404 for one that is not there."""
    town = Town.objects.filter(schema_name=schema).first()
    if town is None:
        raise Http404
    return town


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page:
    """The page of a list that the address asks for, or the nearest."""
    return Paginator(rows, LINES_A_PAGE).get_page(request.GET.get("page"))


def refuse(form: BaseForm, error: ValidationError | ValueError) -> None:
    """Say beside its field what a service refused."""
    add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
