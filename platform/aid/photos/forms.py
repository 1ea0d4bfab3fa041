"""A photo to send: by who is on it, or by an agent for who came to the counter."""

from django import forms

from aid.privacy.enums import Agreed
from core.pictures import MOST_BYTES

MISSING = "Choisissez une photo."
MEGA = 1024 * 1024


class PhotoForm(forms.Form):
    """The file. What it holds is looked at by `services.keep_photo`, which draws it anew."""

    file = forms.FileField(
        label="La photo",
        help_text="Le visage bien visible, de face. Une image JPEG, PNG ou WebP, de "
        f"{MOST_BYTES // MEGA}\u00a0Mo au plus.",
        error_messages={
            "required": MISSING,
            "invalid": MISSING,
            "missing": MISSING,
            "empty": "Ce fichier est vide.",
        },
        # iPhones then send a JPEG in place of their own format.
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class OwnPhotoForm(PhotoForm):
    """Sent by who is on it, who agrees here."""

    agreed = forms.BooleanField(
        label="J’accepte que la ville garde cette photo",
        error_messages={"required": "Cochez la case pour dire que vous êtes d’accord."},
    )


class PhotoForThemForm(PhotoForm):
    """Sent by an agent, who says how the person agreed."""

    how = forms.ChoiceField(
        label="Comment a-t-elle donné son accord ?",
        choices=[(one.value, one.label.capitalize()) for one in (Agreed.SPOKEN, Agreed.ON_PAPER)],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Demandez-lui son accord, puis cochez comment il a été donné.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )
