"""Communes chosen by a search, without a script: the same form searches and is sent, so nothing typed is lost."""

from django import forms
from django.http import QueryDict

from console.forms import CHOOSE
from geography.models import Commune, Intercommunality
from geography.services import search_communes, search_intercommunalities

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


def communes_field() -> forms.MultipleChoiceField:
    """Those that are covered."""
    return forms.MultipleChoiceField(
        label="Communes couvertes", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip


def epci_field() -> forms.ChoiceField:
    """Every commune of a group at once."""
    return forms.ChoiceField(label="Ou toutes les communes de", required=False, widget=forms.RadioSelect)


class SearchesCommunes(forms.BaseForm):
    """A form with `search`, `communes`, `epci`: mix it in first, and call `offer` at the end of `__init__`."""

    def offer(self) -> None:
        """Offer what was chosen, then what the search finds."""
        told = self.data if self.is_bound else self.initial
        codes = told.getlist("communes") if isinstance(told, QueryDict) else told.get("communes") or []
        typed = str(told.get("search") or "")
        chosen = list(Commune.objects.filter(code__in=codes[:MOST_CHOSEN]).select_related("department"))
        kept = {one.code for one in chosen}
        self.found = search_communes(typed, limit=12)
        self.fields["communes"].choices = [
            (one.code, f"{one.name} ({one.department.name}), {one.code}")
            for one in [*chosen, *(one for one in self.found if one.code not in kept)]
        ]
        groups = list(Intercommunality.objects.current().filter(siren=told.get("epci") or ""))
        groups += [one for one in search_intercommunalities(typed, limit=5) if one not in groups]
        self.fields["epci"].choices = [("", "Aucune"), *((one.siren, one.name) for one in groups)] if groups else []
        self.has_searched, self.has_groups = bool(typed.strip()), bool(groups)
