"""What somebody says of a public text."""

from django import forms

from aid.moderation.enums import ReportReason
from aid.moderation.models.cases import LONGEST_REPORT

CHOOSE = "Choisissez ce qui ne va pas."


class ReportForm(forms.Form):
    """What is not right, from a list, and a few words."""

    reason = forms.ChoiceField(
        label="Qu’est-ce qui ne va pas ?",
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    # Without the browser's own limit, which would cut what is pasted without a word: the service says it.
    words = forms.CharField(
        label="En quelques mots",
        help_text=f"Ce que vous avez vu. {LONGEST_REPORT} signes au plus.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
