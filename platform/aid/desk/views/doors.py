"""By what somebody enters: taking them out of an account that others enter by, and letting them in again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import is_staff
from aid.desk import access
from aid.desk.forms.people import LeavingForThemForm
from aid.desk.views.frame import desk_screen, show
from aid.people import services as people
from aid.people.models import Person


def door_of(person: Person) -> dict[str, Any]:
    """What the page of a person says of their account. A colleague's is nobody's business here: it says nothing."""
    others = people.shares_account_with(person)
    is_shown = person.account is not None and (bool(others) or not is_staff(person.account))
    contacts = (person.account.phone, person.account.email) if is_shown else ()
    return {"opens": [contact for contact in contacts if contact], "others": others}


@desk_screen("manage_doors")
@require_http_methods(["GET", "HEAD", "POST"])
def leave_account(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take out somebody who phones, once confirmed."""
    shown = access.person_of(request.user, uid)
    others = people.shares_account_with(shown)
    if not others:
        raise Http404
    shared = people.shared_contacts(shown, others)
    form = LeavingForThemForm(request.POST if request.method == "POST" else None, shared=shared)
    if form.is_valid():
        try:
            people.leave_account(shown, no_longer_theirs=form.no_longer_theirs(), by_account=request.user)
        except people.NotSharedError:
            messages.warning(request, "Rien n’a changé. Cette personne n’est déjà plus dans ce compte.")
        else:
            messages.success(request, "C’est fait : cette personne n’entre plus par ce compte.")
        return redirect("desk:person", uid=uid)
    context = {"shown": shown, "others": others, "shared": list(shared.values()), "form": form}
    return show(request, "aid/desk/leave_account.html", context, section="people")


@desk_screen("manage_doors")
@require_POST
def reopen_contacts(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let somebody in again by what opened nothing to them since they left an account."""
    people.reopen_contacts(access.person_of(request.user, uid), by_account=request.user)
    messages.success(request, "C’est noté : cette personne peut de nouveau entrer par là.")
    return redirect("desk:person", uid=uid)
