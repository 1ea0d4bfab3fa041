"""`/connexion/mot-de-passe/`: in place of the code that was just asked for, the password of who chose one."""

from datetime import timedelta

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts import limits, passwords, sessions
from accounts.forms import PasswordForm
from accounts.views import ConfirmCode
from tenants.registry import current_town

WRONG = "Ce n’est pas le bon mot de passe. Demandez plutôt un code."
TOO_MANY = "Cela fait beaucoup d’essais. Écrivez plutôt le code reçu, ou attendez un quart d’heure."


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ByPassword(ConfirmCode):
    """The same page and the same work, whether the contact is known, has a password or not. Operators have none."""

    template_name = "accounts/by_password.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """The platform has no such page."""
        if current_town() is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Look at what was typed: nothing of the code is asked here, nor sent again."""
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def get_form_class(self) -> type[PasswordForm]:
        """One field, and whether the device is one's own."""
        return PasswordForm

    def get_form_kwargs(self) -> dict[str, object]:
        """What was typed; the code is no business of this form."""
        return {name: value for name, value in super().get_form_kwargs().items() if name != "code"}

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        """Count the try, then look; a right one lets in as the code would, which opens nothing after it."""
        if not self._may_try():
            form.add_error("password", TOO_MANY)
            return self.form_invalid(form)
        state = self._process.state
        typed = form.cleaned_data["password"]
        account = passwords.opened_by(typed, phone=state.get("phone", ""), email=state.get("email", ""))
        if account is None:
            form.add_error("password", WRONG)
            return self.form_invalid(form)
        self._process.abort()
        response = perform_password_login(self.request, {}, Login(user=account, redirect_url=self.get_next_url()))
        if form.cleaned_data["remember"]:
            sessions.remember(self.request)
        return response

    def form_invalid(self, form: PasswordForm) -> HttpResponse:
        """The page again, without what was typed."""
        return self.render_to_response(self.get_context_data(form=form))

    def _may_try(self) -> bool:
        """By where the request comes from, as codes are; by contact, whatever the browser."""
        return (
            limits.hit(
                kind="password_address", subject=limits.address_of(self.request), most=60, within=timedelta(hours=1)
            )
            and limits.hit(kind="password_try", subject=self.contact, most=5, within=timedelta(minutes=15))
            and limits.hit(kind="password_day", subject=self.contact, most=20, within=timedelta(days=1))
        )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the way back to the code."""
        back = self.passthrough_next_url(reverse("account_confirm_login_code"))
        return super().get_context_data(**kwargs) | {"by_code_url": back}
