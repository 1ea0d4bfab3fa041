"""What is typed: days, euros, answers to choose. What is wrong is said in a plain sentence; nothing is chosen ahead."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst

from billing.models.contracts import LONGEST_WORDS
from billing.pricing import MOST_EUROS
from console.forms import CHOOSE

WRITE = "Remplissez cette ligne."
# The period of a day, and those around it, must be days too.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
FAR = "Donnez un jour entre 2000 et 2099."
A_DAY = "Donnez un jour qui existe, par exemple 15/09/2026."
SOME_EUROS = "Donnez un montant en euros, par exemple 1\u00a0000,00."
_SPACES = str.maketrans("", "", " \u00a0\u202f€")


class EurosField(forms.DecimalField):
    """Euros as French people write them: « 1 000,00 € » is read, and so is « 1000.5 »."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, label: str, *, decimals: int = 2, **options: Any) -> None:
        options.setdefault("max_value", MOST_EUROS)
        super().__init__(label=label, decimal_places=decimals, **options)
        self.error_messages |= {"required": SOME_EUROS, "invalid": SOME_EUROS}
        self.error_messages["max_decimal_places"] = f"Écrivez {decimals} décimales au plus."
        more = "Donnez un montant au-dessus de zéro." if self.min_value else "Un montant n’est pas négatif."
        self.error_messages["min_value"] = more
        self.error_messages["max_value"] = "C’est trop : dix millions d’euros au plus."

    def to_python(self, value: Any) -> Decimal | None:
        """What was typed, without its spaces."""
        return super().to_python(value.translate(_SPACES).replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """As it is shown; what was typed stays as it was."""
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


class YesNoField(forms.TypedChoiceField):
    """A question to which neither answer is chosen ahead."""

    def __init__(self, label: str, *, yes: str, no: str, **options: Any) -> None:
        choices = [("oui", yes), ("non", no)]
        super().__init__(label=label, choices=choices, coerce=_is_yes, widget=forms.RadioSelect, **options)
        self.error_messages |= {"required": CHOOSE, "invalid_choice": CHOOSE}

    def prepare_value(self, value: Any) -> Any:
        """The answer that is kept."""
        return {True: "oui", False: "non"}.get(value, value) if isinstance(value, bool) else value


def _is_yes(value: str) -> bool:
    return value == "oui"


def day_field(label: str, **options: Any) -> forms.DateField:
    """A day, by the browser's own calendar or typed."""
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Donnez un jour.", "invalid": A_DAY},
        validators=[MinValueValidator(FIRST_DAY, FAR), MaxValueValidator(LAST_DAY, FAR)],
        **options,
    )


def words_field(label: str, **options: Any) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez quelques mots."},
        **options,
    )


def choices_of(enum: Any) -> list[tuple[str, str]]:
    """The answers of a TextChoices, as sentences begin."""
    return [(value, capfirst(label)) for value, label in enum.choices]


class Plain(forms.BaseForm):
    """Says what is wrong plainly, loses nothing that is pasted, and chooses nothing ahead. Mix it in first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self._say(field)

    @staticmethod
    def _say(field: forms.Field) -> None:
        if isinstance(field.widget, forms.RadioSelect) and isinstance(field, forms.ChoiceField):
            field.choices = [(value, capfirst(label)) for value, label in field.choices if value != ""]
        if isinstance(field, forms.ChoiceField):
            field.error_messages |= {"required": CHOOSE, "invalid_choice": CHOOSE}
        elif isinstance(field, forms.EmailField):
            field.error_messages |= {"required": WRITE, "invalid": "Cette adresse e-mail n’est pas complète."}
        elif isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea):
            field.error_messages["required"] = WRITE
        if isinstance(field, forms.CharField) and field.max_length:
            field.error_messages["max_length"] = f"Écrivez {field.max_length} signes au plus."
            # A browser would cut what is pasted without a word.
            field.widget.attrs["maxlength"] = False
        field.label = capfirst(field.label)


class Form(Plain, forms.Form):
    """A form of the desk."""


class ModelForm(Plain, forms.ModelForm):
    """A form of the desk that fills a row."""


class WordsForm(Form):
    """Why something is done."""

    words = words_field("Pourquoi ?")
