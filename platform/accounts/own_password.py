"""`/mon-espace/mot-de-passe/`: choose a password, change it, do without. To who may have none, it does not exist."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import limits, passwords, sessions
from accounts.forms import NewPasswordForm
from accounts.second_step import own_page

CHOSEN = "C’est fait : ce mot de passe ouvre votre espace. Vos autres appareils ont été déconnectés."
REMOVED = "C’est fait : vous n’avez plus de mot de passe. Un code de six chiffres vous ouvre, comme avant."
TOO_MANY = "Vous l’avez déjà changé plusieurs fois aujourd’hui. Revenez demain, ou appelez-nous."


@own_page
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for it twice, and never show it; a button takes away the one that there is."""
    if not passwords.may_have_one(request.user):
        raise Http404
    removes = request.POST.get("action") == "remove"
    form = NewPasswordForm(request.POST if request.method == "POST" and not removes else None, account=request.user)
    if removes or form.is_valid():
        if _keep(request, None if removes else form.cleaned_data["password"]):
            messages.success(request, REMOVED if removes else CHOSEN)
        return redirect("password")
    has_one = request.user.has_usable_password()
    return render(request, "accounts/password.html", {"form": form, "has_one": has_one})


@transaction.atomic
def _keep(request: HttpRequest, typed: str | None) -> bool:
    """Keep it, and this session alone. Each change sends a message: they are counted."""
    if typed is None and not request.user.has_usable_password():
        return True
    if not limits.hit(kind="password", subject=str(request.user.pk), most=10, within=timedelta(days=1)):
        messages.error(request, TOO_MANY)
        return False
    here = sessions.uid_of(request)
    if not passwords.keep(request.user, typed):
        return False
    sessions.close_others(request.user, but=here)
    update_session_auth_hash(request, request.user)
    return True
