"""« Qui êtes-vous ? » and « Votre porte »: who enters by a shared account, and how one of them leaves it."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import role_required
from accounts.roles import Role
from aid.people.forms import LeavingForm
from aid.people.services import CONTACTS, NotSharedError, leave_account, shared_contacts, shares_account_with
from aid.personal.access import called, persons_of
from aid.personal.acting import WHO, stop
from aid.personal.views.frame import Here, here_of, personal_page
from themes.brand import format_telephone

LEFT = (
    "C’est fait : vous n’entrez plus par ce compte. Pour revenir, écrivez un numéro ou une adresse e-mail qui est à "
    "vous seulement. Sinon, appelez-nous."
)


@role_required(Role.RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Ask who is here; a POST keeps the answer in the session. Where one person enters there is nothing to ask."""
    persons = persons_of(request.user)
    if request.method == "POST":
        said = next((one for one in persons if str(one.uid) == request.POST.get("personne")), None)
        if said is None:
            raise Http404
        request.session[WHO] = str(said.uid)
        stop(request)
        return redirect("personal:home")
    if len(persons) == 1 and here_of(request) is not None:
        return redirect("personal:home")
    return render(request, "aid/personal/who.html", {"cards": list(called(persons).items())})


@personal_page
@require_safe
def door(request: HttpRequest, here: Here) -> HttpResponse:
    """Who enters by this account, and by what of theirs."""
    # What opens it and is another's alone is not theirs to read.
    opens = [name for name in CONTACTS if getattr(here.person, name) == getattr(request.user, name)]
    context = {
        "opens": [format_telephone(getattr(here.person, name)) for name in opens],
        "cards": [(name, one == here.person) for one, name in called(here.persons).items()],
        "may_leave": bool(shares_account_with(here.person)),
    }
    return render(request, "aid/personal/door.html", context)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, here: Here) -> HttpResponse:
    """Take oneself out, once confirmed: then nobody is signed in here any more."""
    others = shares_account_with(here.person)
    if not others:
        raise Http404
    shared = shared_contacts(here.person, others)
    form = LeavingForm(request.POST if request.method == "POST" else None, shared=shared)
    if form.is_valid():
        try:
            leave_account(here.person, no_longer_theirs=form.no_longer_theirs(), by_person=here.person)
        except NotSharedError:
            raise Http404 from None
        logout(request)
        messages.success(request, LEFT)
        return redirect("account_login")
    context = {
        "form": form,
        "others": " et ".join(one.first_name for one in here.others),
        "shared": [format_telephone(value) for value in shared.values()],
    }
    return render(request, "aid/personal/leave.html", context)
