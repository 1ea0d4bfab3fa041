"""Which of two cards says each thing best."""

from typing import Any

from django import forms

from aid.people.merging import Part

KEPT, GONE = "gardee", "autre"
NOTHING = "Rien"


class MergeForm(forms.Form):
    """One question for each thing that both cards do not say alike, and whether it is one person after all."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    sure = forms.BooleanField(
        label="Oui, ces deux fiches sont celles d’une seule personne",
        error_messages={"required": "Cochez cette case si vous en êtes sûr. Sinon, ne changez rien."},
    )

    def __init__(self, *args: Any, parts: list[Part], seen: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": seen}, **kwargs)
        self.asked = [part for part in parts if part.differs]
        for part in self.asked:
            self.fields[part.name] = forms.ChoiceField(
                label=part.label,
                choices=[(KEPT, part.kept or NOTHING), (GONE, part.gone)],
                initial=GONE if part.takes_gone else KEPT,
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez ce que vous gardez."),
            )
        self.order_fields([*(part.name for part in self.asked), "sure", "seen"])

    @property
    def choices(self) -> list[forms.BoundField]:
        """The questions, in the order of a card."""
        return [self[part.name] for part in self.asked]

    def taken(self) -> list[str]:
        """The parts that the other card says better."""
        return [part.name for part in self.asked if self.cleaned_data[part.name] == GONE]
