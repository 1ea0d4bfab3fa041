"""Whom a request is proposed to."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from aid.onboarding.models import Volunteer
from aid.proposals.services import HOW_MANY


class PickForm(forms.Form):
    """A few of those who may be asked, known in the address by their card."""

    qui = forms.MultipleChoiceField(
        error_messages={
            "required": HOW_MANY,
            "invalid_choice": "Une des personnes choisies ne peut pas être sollicitée.",
        }
    )

    def __init__(self, data: QueryDict, *args: Any, among: QuerySet[Volunteer, Volunteer], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        known = among.filter(person__uid__in=set(_uids(data.getlist("qui"))))
        self.volunteers = {str(one.person.uid): one for one in known}
        self.fields["qui"].choices = [(uid, one.person.full_name) for uid, one in self.volunteers.items()]

    @property
    def chosen(self) -> list[Volunteer]:
        """Who was ticked, of a form that is valid."""
        return [self.volunteers[uid] for uid in dict.fromkeys(self.cleaned_data["qui"])]


def _uids(typed: list[str]) -> Iterator[UUID]:
    for one in typed:
        with suppress(ValueError):
            yield UUID(one)
