"""How django-allauth signs people in here: our accounts, our words, our sender, and nobody told who has an account."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField as AllauthPhoneField
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import codes, doors, landing, texts
from accounts.models import Account
from themes.brand import brand_of

TOO_MANY_TRIES = "Cela fait cinq essais. Demandez un nouveau code."
NO_LONGER = "Ce code ne peut plus servir. Demandez-en un autre, ou appelez-nous."


class SixDigits(DefaultAccountAdapter):
    """Codes by e-mail or SMS for whom the town knows, and the same work, undone, for others."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": "Ce n’est pas le bon code. Regardez les six chiffres du dernier message reçu.",
        "too_many_login_attempts": TOO_MANY_TRIES,
    }

    def get_login_stages(self) -> list[str]:
        """The code alone. The second step follows the sign-in, for who has to take it (accounts.second_step)."""
        return [stage for stage in super().get_login_stages() if not stage.startswith("allauth.mfa.")]

    # --- E-mail: allauth's own templates would write the host in subjects and greetings

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the code: the only e-mail of allauth's that leaves from here."""
        self._tell(codes.EMAIL, email, context["code"])

    # --- SMS

    def send_verification_code_sms(self, user: Account, phone: str, code: str, **kwargs: Any) -> None:
        """Send the code to an account's telephone."""
        self._tell(codes.SMS, phone, code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Nothing yet: who has no account is `send_first_code`'s, by SMS as by e-mail."""

    # --- Who has no account

    def send_first_code(self, process: LoginCodeVerificationProcess) -> None:
        """Send a code to whom the town knows without an account; to who is unknown, as much work and nothing sent.

        For who has an account allauth has sent it: only as much is asked.
        """
        phone, email = process.state.get("phone", ""), process.state.get("email", "")
        is_known = doors.are_open_to(phone=phone, email=email)
        if process.user is not None:
            return
        code = self.generate_login_code()
        process.state["code"] = code if is_known else ""
        process.persist()
        send = codes.deliver if is_known else codes.pretend
        self._tell(codes.SMS if phone else codes.EMAIL, phone or email, code, send=send)

    def _tell(self, channel: str, recipient: str, code: str, send: Callable[..., None] = codes.deliver) -> None:
        brand = brand_of(context.request)
        if channel == codes.SMS:
            message = {"subject": "", "body": texts.sign_in_sms(code)}
        else:
            body = texts.sign_in_email(brand.name, code, brand.telephone_display)
            message = {"subject": texts.sign_in_subject(brand.name), "body": body}
        send(channel=channel, recipient=recipient, **message)

    # --- Telephones of accounts

    def phone_form_field(self, **kwargs: Any) -> AllauthPhoneField:
        """The field that allauth checks a number with: it gets E.164, made by SignInForm."""
        return AllauthPhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> Account | None:
        """The account that a number opens; one that was closed is as unknown as none."""
        return Account.objects.filter(phone=phone, is_active=True).first()

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        """The number of an account, which the town entered: it needs no proof of its own."""
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: Account, phone: str, verified: bool) -> None:
        """Change the number that opens an account."""
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: Account, phone: str) -> None:
        """Nothing to keep: a number that opens an account is that account's."""

    # --- Where people go, and what they are told

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page of their role."""
        return landing.path_for(request.user)

    def respond_user_inactive(self, request: HttpRequest, user: Account | None) -> HttpResponse:
        """A door that was closed while its code was on its way: the code does not work any more."""
        clear_login(request)
        messages.error(request, NO_LONGER)
        return redirect("account_login")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Pass on refusals; allauth's « code envoyé », « connexion réussie » are said by the pages themselves."""
        if kwargs.get("message"):
            messages.add_message(request, level, kwargs["message"])
