"""The door: ask for a code, write it, go out. The flow is django-allauth's; what it must bear here is ours."""

import time
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, LoginView, LogoutView
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import doors, limits, sessions
from accounts.adapter import TOO_MANY_TRIES
from accounts.forms import CodeForm, SignInForm
from tenants.registry import current_town
from themes.brand import format_telephone

TOO_MANY_CODES = "Plusieurs codes ont déjà été demandés. Attendez un quart d’heure, ou appelez-nous."
SENT_AGAIN = "Un nouveau code vient de partir. Les précédents ne servent plus."
# Two clicks on one button ask for one code.
SAME_CLICK = 20  # seconds


def may_ask_for_a_code(request: HttpRequest, contact: str) -> bool:
    """Count one code more for an e-mail address or a number, and for where the request comes from."""
    return (
        # A town hall goes out by one address, with all its agents.
        limits.hit(kind="sign_in_address", subject=limits.address_of(request), most=60, within=timedelta(hours=1))
        and limits.hit(kind="sign_in", subject=contact, most=5, within=timedelta(minutes=15))
        and limits.hit(kind="sign_in_day", subject=contact, most=20, within=timedelta(days=1))
    )


class SignIn(LoginView):
    """`/connexion/`: one question, and the same answer whether an account exists or not."""

    template_name = "accounts/sign_in.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> None:
        """Stay here: who comes back to this page wants to write another address."""

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Send the code if it may be asked for, and go where it is written."""
        contact = form.cleaned_data["login"]
        if self._was_just_asked_for(contact):
            return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))
        if not may_ask_for_a_code(self.request, contact):
            form.add_error("login", TOO_MANY_CODES)
            return self.form_invalid(form)
        return super().form_valid(form)

    def _was_just_asked_for(self, contact: str) -> bool:
        stage = get_pending_stage(self.request)
        return (
            stage is not None
            and contact in {stage.state.get("email"), stage.state.get("phone")}
            and time.time() - stage.state["at"] < SAME_CLICK
        )


class ConfirmCode(ConfirmLoginCodeView):
    """`/connexion/code/`: six digits, five tries, fifteen minutes, and a new code for who asks."""

    template_name = "accounts/confirm_code.html"

    @property
    def contact(self) -> str:
        """Where the code went, if an account exists: what was written on the page before."""
        state = self._process.state
        return state.get("email") or state["phone"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Count the try before looking at it: tries that come at once would each read that they are the first."""
        if request.POST.get("action") != "resend" and request.POST.get("code", "").strip() and not self._may_try():
            self._process.abort()
            messages.error(request, TOO_MANY_TRIES)
            return redirect("account_login")
        return super().post(request, *args, **kwargs)

    def _may_try(self) -> bool:
        asked = f"{self.request.session.session_key}:{self.stage.login.initiated_at}"
        return limits.hit(
            kind="sign_in_try",
            subject=asked,
            most=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            within=timedelta(seconds=app_settings.LOGIN_TIMEOUT),
        )

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        """A wrong code is a try less; a button pressed on an empty field is not."""
        if form.has_error("code", "required"):
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_invalid(form)

    def _verify_form_valid(self, form: CodeForm) -> HttpResponse:
        """Let in who typed the right code; who has no account yet gets one now, and no sooner."""
        state = self._process.state
        account = doors.open_to(phone=state.get("phone", ""), email=state.get("email", ""))
        if self._process.user is None:
            if account is None:
                return get_adapter().respond_user_inactive(self.request, None)
            state["user_id"] = user_id_to_str(account)
        else:
            # Somebody more may just have come in by this account: its password is another, and sessions know it.
            self._process.user.refresh_from_db(fields=["password"])
        response = super()._verify_form_valid(form)
        if form.cleaned_data["remember"]:
            sessions.remember(self.request)
        return response

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        """Send another code, as long-lived as the first. Not allauth's: it fails on a number without an account."""
        if may_ask_for_a_code(self.request, self.contact):
            self._process.state["at"] = time.time()
            self._process.send()
            get_adapter().send_first_code(self._process)
            self._process.record_resend()
            self._process.persist()
            messages.success(self.request, SENT_AGAIN)
        else:
            messages.error(self.request, TOO_MANY_CODES)
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the contact as people write it; and, in a town, the way in for who has a password: to everybody."""
        by_password = self.passthrough_next_url(reverse("by_password")) if current_town() is not None else ""
        shown = {"contact": format_telephone(self.contact), "by_password_url": by_password}
        return super().get_context_data(**kwargs) | shown


class SignOut(LogoutView):
    """`/deconnexion/`: by a button, never by a link that a page or a mail reader could follow alone."""

    template_name = "accounts/sign_out.html"


def to_sign_in(request: HttpRequest, *, then: str = "/") -> HttpResponse:
    """In place of the sign-in pages of Wagtail, which ask for a password."""
    return redirect_to_login(request.GET.get("next") or then)
