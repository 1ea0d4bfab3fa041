"""By what somebody enters: taking them out of an account that others enter by, and letting them in again."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.letters import LIVES, StaffAccountError
from accounts.roles import is_staff
from aid.desk import access
from aid.desk.forms.people import LeavingForThemForm
from aid.desk.views.frame import desk_screen, show
from aid.people import services as people
from aid.people.letters import code_for_letter
from aid.people.models import Person
from core.french import day_words
from core.printing import pdf_answer
from themes.brand import brand_of
from themes.printing import print_document

TEMPLATE = Path(__file__).parents[1] / "printing" / "letter.typ"


def door_of(person: Person) -> dict[str, Any]:
    """What the page of a person whom `access.card_of` read says of their account.

    A colleague's is nobody's business here: it says nothing.
    """
    if person.enters_as_staff:
        return {"opens": [], "others": [], "may_have_a_letter": False}
    contacts = () if person.account is None else (person.account.phone, person.account.email)
    return {
        "opens": [contact for contact in contacts if contact],
        "others": people.shares_account_with(person),
        "may_have_a_letter": True,
    }


@desk_screen("manage_doors")
@require_http_methods(["GET", "HEAD", "POST"])
def print_letter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A letter with a code of one use, for who reads neither SMS nor e-mail; a POST makes it, and ends the former."""
    shown = access.person_of(request.user, uid)
    if shown.account is not None and is_staff(shown.account):
        raise Http404
    if request.method != "POST":
        return show(request, "aid/desk/print_letter.html", {"shown": shown}, section="people")
    try:
        code = code_for_letter(shown, by_account=request.user)
    except StaffAccountError:
        raise Http404 from None
    ends_on = day_words(timezone.localdate() + LIVES)
    data = {
        "name": shown.full_name,
        "lines": [line for line in (shown.address, str(shown.commune or "")) if line],
        "code": code,
        "page": f"{request.get_host()}{reverse('by_letter')}",
        "ends_on": ends_on,
    }
    content = print_document(TEMPLATE, brand=brand_of(request), title="Votre code pour entrer", data=data)
    return pdf_answer(content, name="lettre")


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
