"""What somebody says of themselves, and what neighbours are looked for by."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from aid.configuration.services import kinds_of_help
from aid.people.models import Person
from aid.profiles.models import LONGEST_WORDS, Interest, Profile, ProfileQuerySet
from aid.profiles.services import NOTHING_SAID, checked_words
from aid.profiles.texts import SHOW_EMAIL, SHOW_PHONE
from aid.territory.models import CoveredCommune, District

INVALID = "Cochez des réponses de la liste."
COMMUNE, DISTRICT = "commune", "quartier"


class ProfileForm(forms.Form):
    """What they like, and a few words."""

    interests = forms.ModelMultipleChoiceField(
        label="J’aime…",
        queryset=Interest.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez tout ce qui vous plaît.",
        error_messages={"invalid_choice": INVALID, "invalid_pk_value": INVALID, "invalid_list": INVALID},
    )
    words = forms.CharField(
        label="Quelques mots",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=(
            f"{LONGEST_WORDS} signes au plus. N’écrivez ni adresse, ni numéro : la ville met en contact. Rien à vendre "
            "non plus, ici tout est gratuit."
        ),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.profile = Profile.objects.filter(person=person).first()
        chosen = list(self.profile.interests.all()) if self.profile else []
        kept = {"interests": [one.pk for one in chosen], "words": self.profile.words if self.profile else ""}
        super().__init__(*args, initial=kept | kwargs.pop("initial", {}), **kwargs)
        # What the town does not propose any more stays with who had chosen it.
        self.fields["interests"].queryset = _offered_or(chosen)
        if not self.fields["interests"].queryset:
            del self.fields["interests"]

    def clean_words(self) -> str:
        """Tidied; without the browser's own limit, which would cut what is pasted without a word."""
        try:
            return checked_words(self.cleaned_data["words"])
        except ValidationError as error:
            raise ValidationError(error.message_dict["words"]) from None

    def clean(self) -> dict[str, Any]:
        """Something to show."""
        cleaned = super().clean()
        if not self.errors and not cleaned.get("words") and not cleaned.get("interests"):
            raise ValidationError(NOTHING_SAID)
        return cleaned

    def said(self) -> dict[str, Any]:
        """What is shown, as `present` wants it."""
        return {"words": self.cleaned_data["words"], "interests": list(self.cleaned_data.get("interests", []))}


class ReachForm(forms.Form):
    """What a volunteer shows of how to reach them: only what the town knows is asked."""

    phone = forms.BooleanField(label="Montrer mon téléphone", required=False, help_text=SHOW_PHONE)
    email = forms.BooleanField(label="Montrer mon adresse e-mail", required=False, help_text=SHOW_EMAIL)

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        kept = {"phone": profile.shows_phone, "email": profile.shows_email}
        super().__init__(*args, initial=kept, **kwargs)
        for name in kept:
            if not getattr(profile.person, name):
                del self.fields[name]

    def wanted(self) -> dict[str, bool]:
        """What is to be shown, as `reaching.show` wants it."""
        return {name: bool(self.cleaned_data.get(name)) for name in ("phone", "email")}


def _offered_or(chosen: list[Interest]) -> QuerySet[Interest]:
    offered = Interest.objects.offered()
    return (offered | Interest.objects.filter(pk__in=[one.pk for one in chosen])) if chosen else offered


class SearchForm:
    """By what neighbours are looked for: a kind of help, a place, something they like. Only what the address says.

    What it says that makes no sense is left out: an address is typed, kept, and copied.
    """

    def __init__(self, chosen: QueryDict, among: ProfileQuerySet) -> None:
        self.kinds = [(kind.slug, kind.name) for kind in kinds_of_help()]
        self.interests = [(str(one.pk), one.name) for one in Interest.objects.offered()]
        self.places = _places_of(among)
        options = {"aide": self.kinds, "lieu": self.places, "gout": self.interests}
        self.chosen = {name: _known(chosen.get(name, ""), known) for name, known in options.items()}

    @property
    def is_used(self) -> bool:
        """Whether anything was chosen."""
        return any(self.chosen.values())

    def found(self, among: ProfileQuerySet) -> ProfileQuerySet:
        """Those who fit all that was chosen."""
        if self.chosen["aide"]:
            among = among.filter(person__volunteer__offer__kinds__slug=self.chosen["aide"])
        if self.chosen["gout"]:
            among = among.filter(interests=int(self.chosen["gout"]))
        if self.chosen["lieu"]:
            sort, _, number = self.chosen["lieu"].partition("-")
            where = "person__commune" if sort == COMMUNE else "person__district"
            among = among.filter(**{where: int(number)})
        return among


def _known(typed: str, options: list[tuple[str, str]]) -> str:
    return typed if typed in {value for value, _ in options} else ""


def _places_of(among: ProfileQuerySet) -> list[tuple[str, str]]:
    """Where those who are presented live: communes where there are several, then districts."""
    communes = CoveredCommune.objects.filter(persons__profile__in=among).distinct()
    districts = District.objects.filter(persons__profile__in=among).distinct()
    named = [(f"{COMMUNE}-{one.pk}", str(one)) for one in communes]
    return (named if len(named) > 1 else []) + [(f"{DISTRICT}-{one.pk}", str(one)) for one in districts]
