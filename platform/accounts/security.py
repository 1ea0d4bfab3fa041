"""The pages of the second step: taken, made ready, changed, and forgotten for a colleague who lost the telephone."""

import uuid

from allauth.mfa.adapter import get_adapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import factors, passkeys, qr
from accounts.access import role_required
from accounts.forms import PasskeyForm, SecondStepForm
from accounts.models import Account
from accounts.roles import Role, is_staff
from accounts.second_step import after_it, ask_for_it, go_on, has_passed, mark_passed, staff_page, wanted_by, with_next
from accounts.services import reset_second_step

# In the session, sealed: an application's secret until its first digits; new codes of rescue until they were noted.
SECRET, RESCUES = "second_step_secret", "second_step_rescues"
WRONG = "Ce n’est pas le bon code. Attendez que l’application en montre un nouveau, et écrivez-le."
WRONG_KEY = "Cette clé d’accès n’a pas été reconnue. Essayez encore, ou écrivez un code."
NOT_ADDED = "Cette clé d’accès n’a pas pu être ajoutée. Essayez encore, ou prenez une application."
TOO_MANY = "Cela fait plusieurs essais. Attendez un quart d’heure."
LAST_ONE = "C’est votre seule deuxième étape : ajoutez-en une autre avant de la retirer."
GROUP = 4  # letters of a key that is typed by hand


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def check(request: HttpRequest) -> HttpResponse:
    """`/securite/verification/`: six digits, a code of rescue, or a passkey; who has none is led to make it ready."""
    if has_passed(request):
        return go_on(request)
    if not factors.has_factor(request.user):
        return redirect(with_next(reverse("second_step_enrol"), wanted_by(request)))
    answer = request.POST.get("answer", "")
    form = SecondStepForm(request.POST if request.method == "POST" and not answer else None)
    if (answer or form.is_valid()) and _is_right(request, form, answer):
        mark_passed(request)
        return go_on(request)
    context = {"form": form, "passkey_options": "", "wanted": wanted_by(request)}
    if passkeys.has_passkey(request.user):
        context["passkey_options"] = passkeys.begin_checking(request.user)
    return render(request, "accounts/second_step.html", context)


def _is_right(request: HttpRequest, form: Form, answer: str) -> bool:
    """Whether it opens. Says why not."""
    if not factors.may_try(request.user):
        messages.error(request, TOO_MANY)
    elif answer:
        if passkeys.check(request.user, answer=answer):
            return True
        messages.error(request, WRONG_KEY)
    elif factors.check(request.user, form.cleaned_data["code"]):
        return True
    else:
        form.add_error("code", WRONG)
    return False


def _may_enrol(request: HttpRequest) -> bool:
    """A first one follows the code of the sign-in; another one, the second step."""
    return has_passed(request) or not factors.has_factor(request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def enrol(request: HttpRequest) -> HttpResponse:
    """`/securite/activer/`: an application is given a secret, and shows that it has it."""
    if not _may_enrol(request):
        return ask_for_it(request)
    secret = _secret_of(request)
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = _step_typed(request, form, secret)
        if step is not None:
            factors.add_application(request.user, secret=secret, step=step)
            del request.session[SECRET]
            return _enrolled(request)
    url = get_adapter().build_totp_url(request.user, secret)
    context = {
        "form": form,
        "qr": qr.draw(url),
        "key": " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP)),
        "is_first": not has_passed(request),
        "wanted": wanted_by(request),
        "shown_in_demo": factors.digits_at(secret, factors.step_now()) if settings.OUTBOX else "",
    }
    return render(request, "accounts/enrol.html", context)


def _secret_of(request: HttpRequest) -> str:
    """The same until it is used: a page that is loaded again fits what the telephone scanned."""
    try:
        return factors.unseal(request.session.get(SECRET, ""))
    except InvalidToken:
        secret = factors.new_secret()
        request.session[SECRET] = factors.seal(secret)
        return secret


def _step_typed(request: HttpRequest, form: Form, secret: str) -> int | None:
    if not factors.may_try(request.user):
        form.add_error("code", TOO_MANY)
        return None
    step = factors.step_of(secret, form.cleaned_data["code"].replace(" ", ""))
    if step is None:
        form.add_error("code", WRONG)
    return step


def _enrolled(request: HttpRequest) -> HttpResponse:
    """Go and note codes of rescue the first time, else back to the list."""
    mark_passed(request)
    if factors.rescues_left(request.user):
        return redirect("security")
    request.session[RESCUES] = factors.seal(" ".join(factors.renew_rescues(request.user)))
    return redirect(with_next(reverse("rescue_codes"), wanted_by(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def add_passkey(request: HttpRequest) -> HttpResponse:
    """`/securite/cle/`: the browser makes a passkey. Without JavaScript the page says what to do instead."""
    if not _may_enrol(request):
        return ask_for_it(request)
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if passkeys.add(request.user, **form.cleaned_data):
            return _enrolled(request)
        messages.error(request, NOT_ADDED)
    context = {"form": form, "passkey_options": passkeys.begin_adding(request.user), "wanted": wanted_by(request)}
    return render(request, "accounts/add_passkey.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@after_it
def rescue_codes(request: HttpRequest) -> HttpResponse:
    """`/securite/codes-de-secours/`: new codes, to print, until their owner says they are noted."""
    if request.method == "POST" and request.POST.get("action") == "renew":
        request.session[RESCUES] = factors.seal(" ".join(factors.renew_rescues(request.user)))
        return redirect("rescue_codes")
    if request.method == "POST":
        request.session.pop(RESCUES, None)
        return go_on(request)
    kept = request.session.get(RESCUES)
    codes = factors.unseal(kept).split() if kept else []
    half = factors.RESCUE_DIGITS // 2
    context = {"codes": [f"{code[:half]} {code[half:]}" for code in codes]}
    return render(request, "accounts/rescue_codes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@after_it
def overview(request: HttpRequest) -> HttpResponse:
    """`/securite/`: one's own second step: what it is made of, what to add, what to take away."""
    if request.method == "POST":
        number = request.POST.get("number", "")
        if not (number.isascii() and number.isdigit() and factors.remove(request.user, number=int(number))):
            messages.error(request, LAST_ONE)
        return redirect("security")
    kept = factors.factors_of(request.user)
    context = {
        "factors": kept,
        "may_remove": len(kept) > 1,
        "has_application": any(one.type == factors.Kind.TOTP for one in kept),
        "rescues_left": factors.rescues_left(request.user),
    }
    return render(request, "accounts/security.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@role_required(Role.ADMINISTRATOR)
def forget_colleague(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """`/securite/collegue/…/`: an administrator has a colleague begin again, who lost the telephone and the paper."""
    colleague = get_object_or_404(Account, uid=uid)
    if colleague == request.user or not is_staff(colleague):
        raise Http404
    if request.method == "POST":
        reset_second_step(colleague, by_account=request.user)
        messages.success(request, f"{colleague} fera de nouveau les deux étapes à sa prochaine connexion.")
        return redirect("wagtailusers_users:index")
    return render(request, "accounts/forget_colleague.html", {"colleague": colleague})
