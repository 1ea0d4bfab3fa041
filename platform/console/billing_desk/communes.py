"""Communes of a contract: searched as anywhere in the console, and those of a whole intercommunality at once."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from console.billing_desk.fields import Plain
from console.communes import SearchesCommunes
from geography.models import Commune
from geography.services import resolve_communes


class ChoosesCommunes(SearchesCommunes, Plain):
    """A form of the desk that chooses communes: mix it in first, and call `offer` at the end of `__init__`."""

    def chosen_communes(self) -> Sequence[Commune]:
        """All of them, those of a whole intercommunality too. Raises ValidationError for none."""
        return resolve_communes(codes=self.cleaned_data["communes"], epci=self.cleaned_data.get("epci") or None)


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
