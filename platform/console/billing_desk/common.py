"""What the screens of the desk share: who acts, what a service refused, the page of a form."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from billing.errors import REFUSALS
from console.screens.common import refuse

# Of PostgreSQL: a row that must be unique, or whose days must be its own, was kept meanwhile.
TAKEN = {"23505", "23P01"}
MEANWHILE = "Cela vient d’être enregistré, par vous ou par un collègue : regardez avant de recommencer."
Row = TypeVar("Row")
Facts = Sequence[tuple[str, object]]


def attempt(form: BaseForm, act: Callable[[], Row], **shown_at: str) -> Row | None:
    """Do it, all or nothing; None where it is refused, or done meanwhile, which is said beside its field.

    `shown_at` gives the field of the form of those that the service names otherwise.
    """
    try:
        with transaction.atomic():
            return act()
    except REFUSALS as error:
        refuse(form, _renamed(error, shown_at) if isinstance(error, ValidationError) else error)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") not in TAKEN:
            raise
        form.add_error(None, MEANWHILE)
    return None


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
