"""What is typed in the outbox."""

from django import forms


class ReplyForm(forms.Form):
    """An SMS that somebody sends back."""

    text = forms.CharField(
        label="Votre réponse",
        max_length=480,
        error_messages={
            "required": "Écrivez une réponse, par exemple OUI.",
            "max_length": "Écrivez 480 caractères au plus.",
        },
    )
