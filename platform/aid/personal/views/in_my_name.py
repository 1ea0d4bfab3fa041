"""« En mon nom »: who may act for me, what they did, how I give or withdraw a mandate; and for whom I act."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from aid.help_requests.enums import Source
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import follow_path
from aid.people.models import Person
from aid.personal import acting
from aid.personal.forms import GivingForm
from aid.personal.views.frame import Here, page_under_mandate, personal_page
from aid.relations import access
from aid.relations import services as relations
from aid.relations.enums import Consent, Scope
from aid.relations.models import ActedFor, Invitation, Mandate

TOLD = (
    "C’est noté. Dites à cette personne d’aller sur ce site, dans « Mon espace », et d’y entrer avec ce numéro ou "
    "cette adresse : elle y trouvera votre proposition. Elle ne peut rien faire en votre nom avant de l’accepter."
)
NO_LONGER = "Cette proposition n’attend plus de réponse."


@dataclass(frozen=True)
class DeedLine:
    """Something done for who is here: by whom, and where it is read."""

    deed: ActedFor
    by: str
    url: str


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def in_my_name(request: HttpRequest, here: Here) -> HttpResponse:
    """Show it all; a POST gives a mandate."""
    person = here.person
    relatives = relations.relatives_of(person)
    named = [(one, to_you(words)) for one, words in relatives]
    form = GivingForm(person, request.POST if request.method == "POST" else None, relatives=named)
    if form.is_valid():
        told = _give(person, form)
        if told:
            messages.success(request, told)
            return redirect("personal:in_my_name")
    context = {
        "form": form,
        "given": relations.mandates_given(person),
        "held": relations.mandates_in_force(person),
        "past": relations.mandates_past(person),
        "waiting": list(Invitation.objects.waiting().filter(principal=person)),
        "offered": access.invitations_to(request.user, person),
        "deeds": _deed_lines(person),
        "person": person,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "aid/personal/in_my_name.html", context, status=status)


def _give(person: Person, form: GivingForm) -> str:
    """Give the mandate, or offer it; what to say then, or nothing with an error in the form."""
    what = {"scope": [Scope(one) for one in form.cleaned_data["scope"]], "ends_on": form.cleaned_data["ends_on"]}
    relative = form.chosen()
    try:
        if relative is None:
            relations.invite(principal=person, **form.offer(), **what)
            return TOLD
        relations.grant(representative=relative, principal=person, consent=Consent.ON_SCREEN, **what)
    except relations.TooManyError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
    else:
        return f"C’est fait : {relative.first_name} peut agir pour vous."
    return ""


def _deed_lines(person: Person) -> list[DeedLine]:
    deeds = relations.deeds_for(person)
    asked = HelpRequest.objects.filter(person=person, uid__in={one.subject for one in deeds if one.subject})
    known = {one.uid: one for one in asked}
    lines = [(one, known.get(one.subject)) for one in deeds]
    return [DeedLine(one, _author(one, about), follow_path(about) if about else "") for one, about in lines]


def _author(deed: ActedFor, asked: HelpRequest | None) -> str:
    """Who did it; an agent, for somebody who phoned; another software, by its name."""
    if asked is not None and asked.source == Source.SOFTWARE and deed.by_account_id == asked.entered_by_id:
        return f"le logiciel «\xa0{asked.asked_by_name}\xa0»"
    who = deed.by.public_name if deed.by else "quelqu’un"
    return who if deed.by_account_id is None else f"{who}, au téléphone avec la ville,"


def to_you(words: str) -> str:
    """What somebody is to a person, said to that person: « votre fille »."""
    return re.sub(r"\b(sa|son)\b", "votre", words)


@personal_page
@require_POST
def act_for(request: HttpRequest, here: Here) -> HttpResponse:
    """Act for somebody from now on. Raises Http404 for a mandate that is not theirs, or not in force."""
    mandate = relations.mandate_in_force(request.POST.get("mandat", ""), here.person)
    if mandate is None:
        raise Http404
    acting.begin(request, mandate)
    return redirect("personal:home")


@page_under_mandate()
@require_POST
def stop_acting(request: HttpRequest, here: Here) -> HttpResponse:
    """Come back to oneself."""
    acting.stop(request)
    return redirect("personal:home")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def end_mandate(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Ask once, then withdraw a mandate: one's own, or the one that one holds."""
    mandate = access.mandate_between(uid, here.person)
    if request.method == "POST":
        relations.revoke(mandate, by_person=here.person)
        messages.success(request, _ended(mandate, here.person))
        return redirect("personal:in_my_name")
    context = {"mandate": mandate, "is_mine": mandate.principal_id == here.person.pk}
    return render(request, "aid/personal/end_mandate.html", context)


def _ended(mandate: Mandate, person: Person) -> str:
    if mandate.principal_id == person.pk:
        return f"C’est fait : {mandate.representative.first_name} n’agit plus pour vous."
    return f"C’est fait : vous n’agissez plus pour {mandate.principal.first_name}."


@personal_page
@require_POST
def withdraw_invitation(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Think better of an offer."""
    _tell(request, lambda: relations.withdraw(access.invitation_from(uid, here.person)), "La proposition est annulée.")
    return redirect("personal:in_my_name")


@personal_page
@require_POST
def answer_invitation(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Agree to act for somebody, or not."""
    invitation = access.invitation_to(uid, request.user, here.person)
    who = invitation.principal.first_name
    if request.POST.get("reponse") == "oui":
        _tell(
            request,
            lambda: relations.accept(invitation, representative=here.person),
            f"C’est fait : vous pouvez agir pour {who}.",
        )
    else:
        _tell(request, lambda: relations.decline(invitation), f"C’est noté : vous n’agirez pas pour {who}.")
    return redirect("personal:home")


def _tell(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    try:
        act()
    except relations.NoMandateError:
        messages.warning(request, NO_LONGER)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, done)
