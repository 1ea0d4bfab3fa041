"""Presenting and thanking people who phone."""

from django import forms

from aid.desk.forms.entry import too_long
from aid.desk.forms.rights import HowForm
from aid.profiles.forms import ProfileForm
from aid.recognition.forms import BirthdayForm
from aid.recognition.models import LONGEST_LETTER
from core.forms import LongText

HOW = "Comment cette personne a-t-elle dit oui ?"


class ProfileForThemForm(ProfileForm):
    """What somebody says of themselves on the telephone; how they agreed, the first time."""

    how = forms.ChoiceField(
        label=HOW,
        help_text="Lisez-lui d’abord ce qui est écrit plus haut.",
        choices=HowForm.base_fields["how"].choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Lisez-lui le texte, puis cochez comment elle a dit oui."},
    )
    field_order = ["interests", "words", "how"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.profile is not None and self.profile.is_wished:
            del self.fields["how"]


class BirthdayForThemForm(BirthdayForm):
    """A birthday told on the telephone; how they agreed, the first time."""

    how = forms.ChoiceField(
        label=HOW,
        help_text="Lisez-lui d’abord ce qui est écrit plus haut.",
        choices=HowForm.base_fields["how"].choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Lisez-lui le texte, puis cochez comment elle a dit oui."},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.birthday is not None:
            del self.fields["how"]


class LetterForm(forms.Form):
    """The town's words to all who gave time in a year."""

    words = LongText(
        label="Vos mots",
        help_text="Ils sont suivis, pour chacun, de ses heures et de quelques mercis. Pas de prénom ici.",
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Écrivez quelques mots.", **too_long(str(LONGEST_LETTER))},
    )
