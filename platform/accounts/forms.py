"""The forms of the door."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import get_pending_stage
from django import forms
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse

from accounts import passwords
from accounts.models import Account
from core.phones import normalise_phone, receives_sms
from tenants.registry import current_town

BY_EMAIL_OR_PHONE = "Écrivez une adresse e-mail, ou un numéro de mobile comme 06\u00a012\u00a034\u00a056\u00a078."
BY_EMAIL = "Écrivez une adresse e-mail, par exemple prenom.nom@exemple.fr."
LANDLINE = (
    "Ce numéro est celui d’un téléphone fixe, qui ne reçoit pas de SMS. "
    "Écrivez un numéro de mobile ou une adresse e-mail."
)


class SignInForm(LoginForm):
    """One field, for an e-mail address or a telephone, typed as people type them."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.takes_phones = current_town() is not None  # operators have e-mail
        self.fields["login"] = forms.CharField(
            label="Votre e-mail ou votre téléphone" if self.takes_phones else "Votre adresse e-mail",
            help_text="Celui que vous avez donné à l’accueil." if self.takes_phones else "",
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
            error_messages={
                "required": self.what_to_write,
                "max_length": self.what_to_write,
            },
        )

    @property
    def what_to_write(self) -> str:
        """What a refusal asks for."""
        return BY_EMAIL_OR_PHONE if self.takes_phones else BY_EMAIL

    def clean_login(self) -> str:
        """The address in lower case, or the number in E.164: what accounts keep."""
        typed = self.cleaned_data["login"].strip()
        try:
            if "@" in typed or not self.takes_phones:
                validate_email(typed)
                return typed.lower()
            number = normalise_phone(typed)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.what_to_write, "contact") from error
        if not receives_sms(number):
            raise forms.ValidationError(LANDLINE, "landline")
        return number

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Send the code; to who is unknown, take as long."""
        response = super().login(request, redirect_url=redirect_url)
        get_adapter().send_first_code(LoginCodeVerificationProcess.resume(get_pending_stage(request)))
        return response


class CodeForm(ConfirmLoginCodeForm):
    """Six digits, which may be typed, pasted or filled in by the telephone itself."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label="Votre code à six chiffres",
            max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
            error_messages={
                "required": "Écrivez les six chiffres du message.",
                "max_length": "Le code a six chiffres.",
            },
        )
        self.fields["remember"] = forms.BooleanField(
            label="Rester connecté sur cet appareil",
            help_text="Cochez seulement sur un appareil à vous.",
            required=False,
        )


class ContactCodeForm(forms.Form):
    """The six digits that prove who reads a number or an address (accounts.codes)."""

    code = forms.CharField(
        label="Votre code à six chiffres",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages=dict.fromkeys(("required", "max_length"), "Écrivez les six chiffres du message."),
    )

    def refuse(self) -> None:
        """Say that what was typed is not the code, or is so no more."""
        self.add_error("code", "Ce code n’est pas le bon, ou il a plus de 15 minutes. Demandez-en un nouveau.")


class SecondStepForm(forms.Form):
    """The six digits of an application, or a code of rescue; a passkey's answer comes by itself."""

    code = forms.CharField(
        label="Votre code à six chiffres",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={
            "required": "Écrivez les six chiffres de votre application.",
            "max_length": "Ce code a six chiffres, ou dix pour un code de secours.",
        },
    )


class PasskeyForm(forms.Form):
    """The name of a passkey, and what the browser made of it."""

    name = forms.CharField(
        label="Comment l’appeler",
        help_text="Par exemple « Mon téléphone » ou « Ordinateur de l’accueil ».",
        max_length=60,
        error_messages={"required": "Donnez-lui un nom, pour la reconnaître."},
    )
    answer = forms.CharField(required=False, widget=forms.HiddenInput)


class LetterForm(forms.Form):
    """The code of a letter, and whether this device is one's own."""

    code = forms.CharField(
        label="Le code de la lettre",
        help_text="Douze lettres et chiffres, par exemple ACDE-FGHJ-3479.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={
            "required": "Écrivez le code de la lettre.",
            "max_length": "Ce code a douze lettres et chiffres.",
        },
    )
    remember = forms.BooleanField(
        label="Rester connecté sur cet appareil",
        help_text="Cochez sur un appareil à vous\u00a0: le code de la lettre ne sert qu’une fois.",
        required=False,
    )


class PasswordForm(forms.Form):
    """The password of the contact that was just written, and whether this device is one's own."""

    password = forms.CharField(
        label="Votre mot de passe",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Écrivez votre mot de passe.", "max_length": "Ce mot de passe est trop long."},
    )
    remember = forms.BooleanField(
        label="Rester connecté sur cet appareil",
        help_text="Cochez seulement sur un appareil à vous.",
        required=False,
    )


class NewPasswordForm(forms.Form):
    """A password twice, since nobody sees what is typed."""

    password = forms.CharField(
        label="Le mot de passe que vous voulez",
        help_text="Douze signes au moins. Trois ou quatre mots à la suite se retiennent bien.",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Écrivez un mot de passe.", "max_length": "Deux cents signes au plus."},
    )
    again = forms.CharField(
        label="Le même, encore une fois",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Écrivez-le une deuxième fois.", "max_length": "Deux cents signes au plus."},
    )

    def __init__(self, *args: object, account: Account, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """What nobody would guess of this account's owner."""
        typed = self.cleaned_data["password"]
        passwords.check(self.account, typed)
        return typed

    def clean_again(self) -> str:
        """The same as above, where that one will do."""
        again = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError("Ce n’est pas le même. Écrivez-le encore, deux fois.", "different")
        return again
