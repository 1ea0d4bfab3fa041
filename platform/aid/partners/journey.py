"""A flag in three questions, one a page, and nothing of it kept before it is sent.

What was answered travels in the form itself, in hidden fields: no session holds anybody's name. Going back, or an
error, loses nothing; the number of the form and the version of the grid stay those of the first page.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from aid.partners import grids, services
from aid.partners.enums import FlagConsent, Urgency
from aid.partners.forms import ConsentForm, GridForm, WhereForm, WhoForm, content_of
from aid.partners.models import Flag, GridVersion, PartnerContact

# The fields of the form that are nobody's answer.
STEP, VERSION, FORM, BACK = "etape", "grille", "numero", "retour"
FIRST, LAST = 1, 3


class Journey:
    """The three forms as they were filled so far. Raises Http404 for a version of the grid that never was."""

    def __init__(self, data: Mapping[str, Any], contact: PartnerContact) -> None:
        self.data = data
        self.contact = contact
        self.version: GridVersion = grids.version_or_404(data[VERSION]) if VERSION in data else grids.current()
        self.form_uid = _uid(data.get(FORM, ""))
        told = data.get(STEP, "")
        self.step = int(told) if told in {"1", "2", "3"} else FIRST

    @property
    def names_nobody(self) -> bool:
        """Whether the person was not asked yet."""
        return self.data.get("consent") == FlagConsent.NOT_ASKED

    def form(self, step: int, *, bound: bool) -> Any:
        """The form of a step, checked or as it stands."""
        data = {"data": self.data} if bound else {"initial": self._typed()}
        if step == FIRST:
            return ConsentForm(**data)
        if step == LAST:
            return GridForm(**data, version=self.version)
        who = WhereForm if self.names_nobody else WhoForm
        return who(**data, partner=self.contact.partner)

    def first_wrong(self) -> tuple[int, forms.Form] | None:
        """The first of the steps up to this one that must be corrected."""
        for step in range(FIRST, self.step + 1):
            form = self.form(step, bound=True)
            if not form.is_valid():
                return step, form
        return None

    def send(self) -> Flag:
        """Send what the three forms say, once none is wrong. Raises as `services.send_flag` does."""
        consent, who, grid = (self.form(step, bound=True) for step in range(FIRST, LAST + 1))
        for form in (consent, who, grid):
            form.is_valid()
        return services.send_flag(
            contact=self.contact,
            form_uid=self.form_uid,
            grid=self.version,
            commune=who.cleaned_data["commune"],
            district=who.cleaned_data.get("district"),
            urgency=Urgency(consent.cleaned_data["urgency"]),
            consent=FlagConsent(consent.cleaned_data["consent"]),
            content=content_of(consent, who, grid),
        )

    def carried(self, step: int) -> list[tuple[str, str]]:
        """What the page of a step sends along: the answers of the others, and what the form is."""
        shown = set(self.form(step, bound=False).fields)
        others = {name for one in range(FIRST, LAST + 1) for name in self.form(one, bound=False).fields} - shown
        # What was said of who, before « pas encore demandé » was chosen, is dropped: it is not to be sent.
        kept = [(name, self.data[name]) for name in sorted(others) if self.data.get(name)]
        return [(STEP, str(step)), (VERSION, str(self.version.number)), (FORM, str(self.form_uid)), *kept]

    def _typed(self) -> dict[str, str]:
        return {name: value for name, value in self.data.items() if value}


def _uid(told: str) -> uuid.UUID:
    try:
        return uuid.UUID(told)
    except ValueError:
        return uuid.uuid4()
