"""`/connexion/courrier/`: who holds a letter writes its code, and is in."""

from datetime import timedelta

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import landing, letters, limits, sessions
from accounts.forms import LetterForm
from tenants.registry import current_town

HOUR = timedelta(hours=1)
WRONG = (
    "Ce code n’ouvre rien. Relisez-le sur la lettre\u00a0; s’il a déjà servi ou s’il a plus de trente jours, "
    "appelez-nous."
)
TOO_MANY = "Beaucoup de codes ont été essayés. Attendez une heure, ou appelez-nous."
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_letter(request: HttpRequest) -> HttpResponse:
    """Ask for the code. Looking at the page uses nothing up; the platform prints no letter."""
    if current_town() is None:
        raise Http404
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _may_try(request):
            form.add_error("code", TOO_MANY)
        else:
            account = letters.use_code(form.cleaned_data["code"])
            if account is not None:
                login(request, account, backend=BACKEND)
                if form.cleaned_data["remember"]:
                    sessions.remember(request)
                return redirect(landing.path_for(account))
            form.add_error("code", WRONG)
    return render(request, "accounts/by_letter.html", {"form": form})


def _may_try(request: HttpRequest) -> bool:
    """Count it before looking: twenty an hour from one place, three hundred from everywhere."""
    return limits.hit(kind="letter_address", subject=limits.address_of(request), most=20, within=HOUR) and limits.hit(
        kind="letter", subject="", most=300, within=HOUR
    )
