"""Communes chosen by a search, without a script: the same form searches and is sent, so nothing typed is lost."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from console.billing_desk.fields import CHOOSE, Plain
from geography.models import Commune, Intercommunality
from geography.services import resolve_communes, search_communes, search_intercommunalities

# Within one form, more than any group of communes has.
MOST_CHOSEN = 2000
SEARCH = "chercher"


def search_field() -> forms.CharField:
    """What is looked for."""
    return forms.CharField(
        label="Chercher une commune ou une intercommunalité",
        help_text="Un nom, un code postal, un code INSEE ou un SIREN.",
        required=False,
        max_length=200,
    )


class ChoosesCommunes(Plain):
    """A form with `search`, `communes`, `epci`: mix it in first, and call `offer` at the end of `__init__`."""

    def offer(self) -> None:
        """Offer what was chosen, then what the search finds."""
        told = self.data if self.is_bound else self.initial
        codes = told.getlist("communes") if isinstance(told, QueryDict) else told.get("communes") or []
        typed = str(told.get("search") or "")
        chosen = list(Commune.objects.filter(code__in=codes[:MOST_CHOSEN]).select_related("department"))
        kept = {one.code for one in chosen}
        found = [one for one in search_communes(typed, limit=12) if one.code not in kept]
        self.fields["communes"].choices = [
            (one.code, f"{one.name} ({one.department.name}), {one.code}") for one in [*chosen, *found]
        ]
        groups = list(Intercommunality.objects.current().filter(siren=told.get("epci") or ""))
        groups += [one for one in search_intercommunalities(typed, limit=5) if one not in groups]
        self.fields["epci"].choices = [("", "Aucune"), *((one.siren, one.name) for one in groups)] if groups else []
        self.has_searched, self.has_groups = bool(typed.strip()), bool(groups)

    def chosen_communes(self) -> Sequence[Commune]:
        """All of them, those of a whole intercommunality too. Raises ValidationError for none."""
        return resolve_communes(codes=self.cleaned_data["communes"], epci=self.cleaned_data.get("epci") or None)


def communes_field() -> forms.MultipleChoiceField:
    """Those that are covered."""
    return forms.MultipleChoiceField(
        label="Communes couvertes", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip


def epci_field() -> forms.ChoiceField:
    """Every commune of a group at once."""
    return forms.ChoiceField(label="Ou toutes les communes de", required=False, widget=forms.RadioSelect)


def as_typed(form: type[Any], data: QueryDict, **more: Any) -> Any:
    """A form as it was typed, without a word on it: something else was asked than to send it.

    A whole intercommunality becomes its communes, so that each is seen, and may be unticked.
    """
    typed = data.dict() | {"communes": data.getlist("communes"), "epci": ""}
    if data.get("epci"):
        members = Commune.objects.current().filter(intercommunality=data["epci"]).order_by("search_name")
        typed["communes"] += [code for code in members.values_list("code", flat=True) if code not in typed["communes"]]
        typed["search"] = ""
    return form(initial=typed, **more)
