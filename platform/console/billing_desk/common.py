"""What the screens of the desk share: who acts, what a service refused, the page of a form."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Account
from billing.errors import REFUSALS
from console.screens.common import refuse

LINES_A_PAGE = 50
Row = TypeVar("Row")
Saved = TypeVar("Saved", bound=Model)
Facts = Sequence[tuple[str, object]]


def name_of(account: Account) -> str:
    """Who acts, as the books keep it: a name, else an e-mail address."""
    return account.get_full_name() or account.email


def attempt(form: BaseForm, act: Callable[[], Row], **shown_at: str) -> Row | None:
    """Do it, all or nothing; None where it is refused, which is said beside its field.

    `shown_at` gives the field of the form of those that the service names otherwise.
    """
    try:
        with transaction.atomic():
            return act()
    except REFUSALS as error:
        refuse(form, _renamed(error, shown_at) if isinstance(error, ValidationError) else error)
        return None


def keep(row: Saved) -> Saved:
    """Keep a row, asked all its rules: a form leaves aside those of fields that it has not. Raises ValidationError."""
    row.full_clean()
    row.save()
    return row


def page_of(request: HttpRequest, rows: QuerySet[Model] | Sequence[Any], size: int = LINES_A_PAGE) -> Page:
    """The page that the address asks for, or the nearest."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def draw_form(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    submit: str,
    back: str,
    template: str = "console/billing/form.html",
    lead: str = "",
    facts: Facts = (),
    warning: str = "",
    **more: Any,
) -> HttpResponse:
    """A form on a page of its own: its button, the way back, what is to be read before it is pressed.

    A `warning` says what cannot be undone.
    """
    said = {"title": title, "submit": submit, "back": back, "lead": lead, "facts": facts, "warning": warning}
    return render(request, template, {"form": form, "has_files": form.is_multipart(), **said, **more})


def address(name: str, *args: object) -> str:
    """Of a screen of the console."""
    return reverse(f"console:{name}", args=args)


def _renamed(error: ValidationError, shown_at: dict[str, str]) -> ValidationError:
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError({shown_at.get(field, field): told for field, told in error.message_dict.items()})
