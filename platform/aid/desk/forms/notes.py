"""What an agent writes of somebody that must not be read by chance."""

from django import forms

from aid.desk.forms.entry import too_long
from aid.notes.models import LONGEST_NOTE
from core.forms import LongText


class NoteForm(forms.Form):
    """One note."""

    text = LongText(
        label="Nouvelle note",
        help_text="Seulement ce qui aide à bien accompagner cette personne. Jamais de maladie ni d’opinion : elle peut "
        "demander à lire ce qui est écrit ici.",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez la note.", **too_long(str(LONGEST_NOTE))},
    )
