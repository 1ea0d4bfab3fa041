"""One training session, for all who came."""

import datetime
from typing import Any

from django import forms

from aid.desk.forms.steps import SUCH_AS, MinutesField, day_field, line_field, past_day
from aid.onboarding.models import Step, Volunteer


class TrainingForm(forms.Form):
    """Which training, when, how long, and who came of these."""

    step = forms.ModelChoiceField(
        label="Quelle formation ?",
        queryset=Step.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez une formation de la liste."),
    )
    on = day_field("Quel jour ?")
    minutes = MinutesField(label="Combien de temps ?", help_text=SUCH_AS)
    title = line_field("Quelle séance ?", longest=120, help_text="Par exemple « Écouter sans juger ».")
    came = forms.MultipleChoiceField(
        label="Qui est venu ?",
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Cochez au moins une personne de la liste."),
    )

    def __init__(self, *args: Any, steps: list[Step], volunteers: list[Volunteer], **options: Any) -> None:
        super().__init__(*args, **options)
        self.volunteers = {str(one.person.uid): one for one in volunteers}
        self.fields["came"].choices = [(uid, one.person.full_name) for uid, one in self.volunteers.items()]
        field = self.fields["step"]
        field.queryset = Step.objects.filter(pk__in=[step.pk for step in steps])
        field.initial = steps[0].pk

    def clean_on(self) -> datetime.date:
        """A day that has come."""
        return past_day(self.cleaned_data["on"])

    def what(self) -> dict[str, Any]:
        """As the desk's service wants it."""
        chosen = dict(self.cleaned_data)
        came = [self.volunteers[uid] for uid in chosen.pop("came")]
        return chosen | {"volunteers": came}
