"""Whom a request is proposed to."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet

from aid.onboarding.models import Volunteer

NOBODY = "Cochez une ou deux personnes."


class PickForm(forms.Form):
    """One or two of those who may be asked, known in the address by their card."""

    qui = forms.ModelMultipleChoiceField(
        queryset=Volunteer.objects.none(),
        to_field_name="uid",
        error_messages={
            "required": NOBODY,
            "invalid_choice": "Une des personnes choisies ne peut pas être sollicitée.",
            "invalid_pk_value": NOBODY,
        },
    )

    def __init__(self, *args: Any, among: QuerySet[Volunteer, Volunteer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["qui"].queryset = among.annotate(uid=F("person__uid"))
