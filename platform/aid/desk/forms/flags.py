"""What is asked before a flag is linked, or left without follow-up."""

from django import forms
from django.utils.text import capfirst

from aid.partners.enums import GIVEN_LATER, NoFollowUp


class LaterConsentForm(forms.Form):
    """How somebody agreed, whom the partner had not asked."""

    consent = forms.ChoiceField(
        label="Comment a-t-elle donné son accord ?",
        help_text="Posez-lui d’abord la question, ou laissez le partenaire la poser.",
        choices=[(one.value, capfirst(one.label)) for one in GIVEN_LATER],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Demandez d’abord son accord, puis dites comment il est donné.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )


class NoFollowUpForm(forms.Form):
    """Why nothing follows."""

    reason = forms.ChoiceField(
        label="Pourquoi sans suite ?",
        help_text="Le partenaire ne lit pas cette raison.",
        choices=[(one.value, capfirst(one.label)) for one in NoFollowUp],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison.", "invalid_choice": "Choisissez une raison de la liste."},
    )
