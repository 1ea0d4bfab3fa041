"""Changing a need that comes again, and the days on which it is not wanted."""

from typing import Any

from django import forms

from aid.desk.forms.entry import PlaceMixin, too_long
from aid.desk.forms.gestures import words_field
from aid.help_requests.enums import Moment
from aid.help_requests.forms import urgency_field
from aid.help_requests.models import HelpSeries
from aid.help_requests.repeat_forms import NoticeField, RepeatFields, Repeats, SkipForm
from aid.help_requests.series import Occurrence, occurrences
from aid.help_requests.series_changes import Wanted
from core.forms import LongText


class SeriesForm(forms.Form):
    """A gesture that asks for nothing more than its confirmation."""

    def __init__(self, *args: Any, series: HelpSeries, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series = series


class EndSeriesForm(SeriesForm):
    """Why it comes no more."""

    words = words_field("Pourquoi ?", required="Écrivez en quelques mots pourquoi.")


class SkipDayForm(SkipForm, SeriesForm):
    """One of its days to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following: Occurrence | None = next((one for one in occurrences(self.series) if one.may_be_skipped), None)
        if following is not None:
            self.initial.setdefault("day", following.rule_day)


class AmendSeriesForm(PlaceMixin, RepeatFields, SeriesForm):
    """All that may be changed."""

    hour = forms.TimeField(
        label="Heure",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "Écrivez une heure, par exemple 14:30."},
    )
    moment = forms.ChoiceField(
        label="Sans heure précise",
        choices=Moment,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez un moment de la liste."),
    )
    urgency = urgency_field()
    details = LongText(
        label="Précisions",
        required=False,
        max_length=1000,
        error_messages=too_long("1 000"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notice_days = NoticeField()

    field_order = [
        "repeats", "weekdays", "until", "skips_holidays", "hour", "moment", "urgency", "details", "commune", "district",
        "address", "notice_days",
    ]  # fmt: skip

    def __init__(self, *args: Any, series: HelpSeries, **kwargs: Any) -> None:
        super().__init__(*args, series=series, initial=_initial(series), **kwargs)
        self.prepare_places()
        _once, *others = Repeats.choices
        self.fields["repeats"].choices = others
        self.fields["weekdays"].help_text = ""

    def clean_repeats(self) -> str:
        """Each week, where nothing was said: it comes again."""
        return self.cleaned_data["repeats"] or Repeats.WEEKLY

    def clean_urgency(self) -> str:
        """As it was, where nothing was said."""
        return self.cleaned_data["urgency"] or self.series.urgency

    def clean(self) -> dict[str, Any]:
        """What several fields say together."""
        cleaned = super().clean()
        self.clean_places()
        return cleaned

    def wanted(self) -> Wanted:
        """What comes again from now on, from a valid form."""
        known, rule = self.cleaned_data, self.rule(self.series.starts_on)
        names = ("hour", "moment", "urgency", "commune", "address", "details", "skips_holidays", "notice_days")
        return Wanted(rule=rule, district=known.get("district"), **{name: known[name] for name in names})


def _initial(series: HelpSeries) -> dict[str, Any]:
    rule = series.recurrence
    weekly = Repeats.WEEKLY if rule.every == 1 else Repeats.FORTNIGHTLY
    names = (
        "hour", "moment", "urgency", "details", "commune", "district", "address", "skips_holidays", "notice_days",
    )  # fmt: skip
    return {name: getattr(series, name) for name in names} | {
        "repeats": Repeats.MONTHLY if rule.nth else weekly,
        "weekdays": [str(day) for day in rule.weekdays],
        "until": rule.until,
    }
