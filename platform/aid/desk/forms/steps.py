"""What an agent writes of a volunteer's steps: an appointment, a step passed, a session, a charter on paper, why."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Account
from aid.desk import access
from aid.desk.forms.entry import describe, too_long
from aid.desk.forms.gestures import words_field
from aid.onboarding.enums import Proof, StepKind
from aid.onboarding.models import Attendance, Step, Volunteer
from aid.onboarding.passing import current_charter
from aid.onboarding.place import end_of
from aid.onboarding.progress import StepProgress
from aid.people.services import search_people
from core.french import day_words, duration_words

DAY_ERRORS = {"required": "Choisissez un jour.", "invalid": "Écrivez un jour, par exemple 24/11/2026."}
FURTHEST = datetime.timedelta(days=365)
LONGEST_SESSION = 24 * 60
MOST_ALIKE = 8
LASTING = re.compile(
    r"(?:(?P<hours>\d{1,2})\s*(?:h|:|heures?))?\s*(?P<minutes>\d{1,4})?\s*(?:m|mn|min|minutes?)?", re.I
)
SUCH_AS = "Par exemple 2\xa0h\xa030."
NO_FILE = "Choisissez un fichier."
HOW_LONG = "Écrivez une durée, par exemple 2\xa0h\xa030 ou 150 minutes."


def day_field(label: str, **options: Any) -> forms.DateField:
    """One day, as a browser's own calendar gives it or as somebody types it."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=DAY_ERRORS,
        **options,
    )


def line_field(label: str, *, longest: int, **options: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        error_messages=too_long(str(longest)),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": None}),
        **options,
    )


class MinutesField(forms.CharField):
    """How long, as people say it: « 2 h 30 », « 150 », « 1 h »."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(error_messages={"required": HOW_LONG}, **options)

    def clean(self, value: str) -> int:
        """Minutes, from one to a day. Raises ValidationError."""
        found = LASTING.fullmatch(super().clean(value).strip())
        hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0)
        total = hours * 60 + minutes
        if not 1 <= total <= LONGEST_SESSION:
            raise ValidationError(HOW_LONG)
        return total


def past_day(day: datetime.date) -> datetime.date:
    """A day that has come. Raises ValidationError."""
    if day > timezone.localdate():
        raise ValidationError("Ce jour n’est pas encore venu.")
    return day


class StepForm(forms.Form):
    """A gesture on a step of a volunteer that asks for nothing more than its confirmation."""

    def __init__(
        self, *args: Any, volunteer: Volunteer, line: StepProgress, by_account: Account, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.volunteer, self.line, self.by_account = volunteer, line, by_account
        self.step: Step = line.step


class AppointmentForm(StepForm):
    """When, where, and with whom; as it is known, where it is planned already."""

    day = day_field("Quel jour ?")
    hour = forms.TimeField(
        label="À quelle heure ?",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": "Choisissez une heure.", "invalid": "Écrivez une heure, par exemple 14:30."},
    )
    place = line_field("Où ?", longest=160, help_text="Le bénévole le lit : « À la mairie, bureau 4 ».")
    with_account = forms.ModelChoiceField(
        label="Avec qui ?",
        queryset=Account.objects.none(),
        required=False,
        empty_label="Je ne sais pas encore",
        error_messages={"invalid_choice": "Choisissez quelqu’un de la liste."},
    )
    companion = line_field(
        "Accompagné par quel bénévole ?", longest=120, help_text="Son nom ou son téléphone, s’il y en a un."
    )
    same_as = forms.ChoiceField(
        label="Lequel ?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez quelqu’un de la liste."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["with_account"].queryset = access.colleagues()
        self.alike: list[Any] = []
        if self.step.kind != StepKind.TRIAL:
            del self.fields["companion"], self.fields["same_as"]
        else:
            self._find_companions()
        self._show_what_is_planned()

    def _show_what_is_planned(self) -> None:
        known = self.line.appointment
        if known is None:
            self.initial.setdefault("with_account", self.by_account.pk)
            return
        at = timezone.localtime(known.at)
        companion = known.with_volunteer.person.full_name if known.with_volunteer else ""
        self.initial = {
            "day": at.date(),
            "hour": at.time(),
            "place": known.place,
            "with_account": known.with_account_id,
            "companion": companion,
        } | self.initial

    def _find_companions(self) -> None:
        """Ask « lequel ? » where several bear what was typed."""
        typed = str(self.data.get(self.add_prefix("companion"), "")).strip()[:120] if self.is_bound else ""
        if typed and "\x00" not in typed:
            helping = access.volunteers_for(self.by_account).admitted().exclude(pk=self.volunteer.pk).values("person")
            among = access.persons_for(self.by_account).filter(pk__in=helping)
            self.alike = search_people(typed, limit=MOST_ALIKE, among=among)
        if len(self.alike) > 1:
            self.fields["same_as"].choices = [(str(one.uid), describe(one)) for one in self.alike]
        else:
            del self.fields["same_as"]

    def clean_companion(self) -> str:
        """Somebody whom the town vouches for, or nobody."""
        if self.cleaned_data["companion"] and not self.alike:
            raise ValidationError("Aucun bénévole admis n’a ce nom. Vérifiez, ou laissez vide.")
        return self.cleaned_data["companion"]

    def clean(self) -> dict[str, Any]:
        """An hour to come, within a year."""
        cleaned = super().clean()
        day, hour = cleaned.get("day"), cleaned.get("hour")
        now = timezone.localtime()
        if day and day < now.date():
            self.add_error("day", "Choisissez aujourd’hui ou un jour à venir.")
        elif day and day > now.date() + FURTHEST:
            self.add_error("day", "Choisissez un jour dans l’année qui vient.")
        elif day and hour and day == now.date() and hour <= now.time():
            self.add_error("hour", "Cette heure est passée : choisissez-en une à venir.")
        return cleaned

    def what(self) -> dict[str, Any]:
        """As `appointments.plan` and `move` want it."""
        chosen = self.cleaned_data
        at = timezone.make_aware(datetime.datetime.combine(chosen["day"], chosen["hour"]))
        return {
            "at": at,
            "place": chosen["place"],
            "with_account": chosen["with_account"],
            "with_volunteer": self._companion(),
        }

    def _companion(self) -> Volunteer | None:
        if not self.cleaned_data.get("companion"):
            return None
        wanted = self.cleaned_data.get("same_as") or str(self.alike[0].uid)
        return access.volunteers_for(self.by_account).get(person__uid=wanted)


class ProofMixin(forms.Form):
    """What the step wants to be seen, or kept, once it is passed."""

    words = line_field("Précision", longest=300, help_text="Pour les agents seulement. Rien de médical.")
    seen = forms.BooleanField(label="J’ai vu le document de mes yeux", required=False)
    proof = forms.FileField(
        label="Le document",
        help_text="PDF, JPEG ou PNG, 5 Mo au plus. Il est gardé à l’abri : chaque lecture est notée.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages=dict.fromkeys(("invalid", "missing"), NO_FILE) | {"empty": "Ce fichier est vide."},
    )

    def prepare_proof(self, step: Step, *, may_keep: bool) -> None:
        """Ask for nothing more than the step wants."""
        if step.proof != Proof.SEEN:
            del self.fields["seen"]
        if step.proof != Proof.KEPT or not may_keep:
            del self.fields["proof"]

    def check_proof(self) -> None:
        """It was seen, or it is there."""
        if "seen" in self.fields and not self.cleaned_data["seen"]:
            self.add_error("seen", "Cochez cette case une fois le document vu.")
        if "proof" in self.fields and not self.cleaned_data.get("proof") and "proof" not in self.errors:
            self.add_error("proof", NO_FILE)

    def proof_given(self) -> dict[str, Any]:
        """As the verbs of steps want it."""
        return {"words": self.cleaned_data["words"], "proof": self.cleaned_data.get("proof")}


class HeldForm(StepForm, ProofMixin):
    """What came of an appointment."""

    PASSED, NOT_YET = "oui", "non"
    passed = forms.ChoiceField(
        label="L’étape est-elle faite ?",
        choices=[(PASSED, "Oui, elle est faite"), (NOT_YET, "Pas encore : il faudra se revoir")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Dites si l’étape est faite."),
    )
    field_order = ["passed", "words", "seen", "proof"]

    def __init__(self, *args: Any, may_keep_proof: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.prepare_proof(self.step, may_keep=may_keep_proof)

    def clean(self) -> dict[str, Any]:
        """Nothing is to be seen before it is passed."""
        cleaned = super().clean()
        if cleaned.get("passed") == self.PASSED:
            self.check_proof()
        return cleaned

    @property
    def is_passed(self) -> bool:
        """Whether the step is passed by it."""
        return self.cleaned_data["passed"] == self.PASSED


class HeldTrainingForm(StepForm):
    """How long a session lasted that was planned."""

    minutes = MinutesField(label="Combien de temps a-t-elle duré ?", help_text=SUCH_AS)


class PassForm(StepForm, ProofMixin):
    """When it was done, until when it is good, what was seen."""

    passed_on = day_field("Faite quel jour ?")
    valid_until = day_field("Valable jusqu’au", required=False)
    field_order = ["passed_on", "valid_until", "words", "seen", "proof"]

    def __init__(self, *args: Any, may_keep_proof: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        today = timezone.localdate()
        self.fields["passed_on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("passed_on", today)
        self.prepare_proof(self.step, may_keep=may_keep_proof)
        end = end_of(self.step, today)
        self.fields["valid_until"].help_text = (
            f"Laissez vide pour {self.step.validity_months}\xa0mois : jusqu’au {day_words(end)} si "
            "elle est faite aujourd’hui."
            if end
            else "Laissez vide : sans limite."
        )

    def clean_passed_on(self) -> datetime.date:
        """A day that has come."""
        return past_day(self.cleaned_data["passed_on"])

    def clean(self) -> dict[str, Any]:
        """It ends after it began."""
        cleaned = super().clean()
        self.check_proof()
        passed_on, until = cleaned.get("passed_on"), cleaned.get("valid_until")
        if passed_on and until and until < passed_on:
            self.add_error("valid_until", "Cette date vient avant le jour où l’étape a été faite.")
        return cleaned

    def what(self) -> dict[str, Any]:
        """As `passing.pass_step` wants it."""
        return self.proof_given() | {name: self.cleaned_data[name] for name in ("passed_on", "valid_until")}


class SessionForm(StepForm):
    """Some time spent in training."""

    on = day_field("Quel jour ?")
    minutes = MinutesField(label="Combien de temps ?", help_text=SUCH_AS)
    title = line_field("Quelle séance ?", longest=120, help_text="Par exemple « Écouter sans juger ».")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("on", timezone.localdate())

    def clean_on(self) -> datetime.date:
        """A day that has come."""
        return past_day(self.cleaned_data["on"])


class ForgetSessionForm(StepForm):
    """Which session was noted by mistake."""

    session = forms.ModelChoiceField(
        label="Laquelle ?",
        queryset=Attendance.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez une séance de la liste."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["session"]
        field.queryset = access.sessions_of(self.volunteer, self.step)
        field.label_from_instance = session_words


def session_words(session: Attendance) -> str:
    """« 3 novembre 2026, 2 h 30, Écouter sans juger »."""
    parts = (day_words(session.on), duration_words(session.minutes), session.title)
    return ", ".join(filter(None, parts))


class PaperCharterForm(StepForm):
    """The version that was signed on paper is the town's of today, as the agent reads it here."""

    on = day_field("Signée quel jour ?")

    charter_number = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput)
    signed = forms.BooleanField(
        label="J’ai la feuille signée sous les yeux, et c’est bien cette version",
        error_messages={"required": "Cochez cette case une fois la feuille vérifiée."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Read once: what the page shows is what is signed.
        self.charter = current_charter()
        self.initial.setdefault("on", timezone.localdate())
        if self.charter is not None:
            self.initial |= {"charter_number": self.charter.number, "digest": self.charter.digest}

    def clean_on(self) -> datetime.date:
        """A day that has come."""
        return past_day(self.cleaned_data["on"])


class WaiveForm(StepForm):
    """Why a step is not asked of somebody."""

    words = line_field("Pourquoi ?", longest=300, help_text="Pour les agents seulement.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].required = True
        self.fields["words"].error_messages["required"] = "Dites pourquoi, en quelques mots."


class DecisionForm(forms.Form):
    """A decision on somebody's place; some say why."""

    words = words_field("Pourquoi ?", help_text="Lu par les agents seulement, et gardé dans l’histoire.")

    def __init__(self, *args: Any, needs_words: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["words"]
        field.required = needs_words
        field.error_messages["required"] = "Dites pourquoi, en quelques mots."
