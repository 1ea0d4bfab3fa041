"""Offers of one day, in « mon espace »: what neighbours offer, to answer; what a volunteer offers, to call off."""

from functools import partial
from http import HTTPStatus
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.help_requests import for_somebody
from aid.help_requests.known_askers import ask_oneself
from aid.help_requests.services import LimitReachedError
from aid.help_requests.texts import AGREEMENT, follow_path
from aid.help_requests.transitions import NotAllowedError
from aid.nearby import one_off
from aid.nearby.forms import AnswerForm, ProposeForm
from aid.nearby.moderating import KIND
from aid.offers.models import OneOffOffer
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.personal.views.frame import Here, page_under_mandate
from aid.personal.views.volunteering import volunteers_page
from aid.relations.enums import Scope

HELD = "C’est enregistré. Un agent lit vos mots avant que vos voisins les voient."
SHOWN = "C’est noté, merci ! Vos voisins peuvent répondre."
ANSWER_HELD = "C’est enregistré. Un agent lit vos mots avant de les transmettre à {}."
ANSWER_SENT = "C’est parti : nous le disons à {}."


@page_under_mandate(Scope.REQUESTS)
@require_safe
def offers_nearby(request: HttpRequest, here: Here) -> HttpResponse:
    """What neighbours offer for a day: by first name and district."""
    found = one_off.lines(one_off.offers_for(here.subject, by=_acting(here)))
    return render(request, "aid/personal/offers_nearby.html", {"lines": found, "mandate": here.mandate})


@page_under_mandate(Scope.REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_offer(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """« Ça m’intéresse »: where, and a word; for oneself or in somebody's name. A full one says that it is."""
    person, mandate = here.subject, here.mandate
    readable = one_off.with_taken(OneOffOffer.objects.shown_to(person, by=_acting(here)))
    shown = one_off.Line(get_object_or_404(readable, uid=uid))
    form = AnswerForm(
        request.POST if request.method == "POST" else None, is_for_her=mandate is not None, initial=_home(here)
    )
    status, limit = HTTPStatus.OK, ""
    if form.is_valid():
        # The form was drawn once: sent twice, it is one request.
        uid_of_request = _uid(request.POST.get("envoi", ""))
        ask = partial(ask_oneself, person) if mandate is None else partial(for_somebody.ask, mandate)
        try:
            sent = one_off.answer(
                shown.offer, form.answered(), person=person, ask=lambda need: ask(need=need, uid=uid_of_request)
            )
        except LimitReachedError as error:
            limit, status = str(error), HTTPStatus.TOO_MANY_REQUESTS
        except (ValidationError, NotAllowedError) as error:
            form.add_error(None, ValidationError(getattr(error, "messages", [str(error)])))
        else:
            if mandate is None:
                return redirect(follow_path(sent.request))
            messages.success(request, (ANSWER_HELD if sent.is_held else ANSWER_SENT).format(shown.first_name))
            return redirect("personal:home")
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "form": form,
        "line": shown,
        "mandate": mandate,
        "envoi": _uid(request.POST.get("envoi", "")),
        "agreement": AGREEMENT,
        "limit": limit,
        "kind": KIND,
        "number": shown.offer.pk,
    }
    return render(request, "aid/personal/answer_offer.html", context, status=status)


@volunteers_page
@require_http_methods(["GET", "HEAD", "POST"])
def one_off_offers(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """What they offer for a day, with the places that are taken; and offering one more."""
    if volunteer.state != VolunteerState.ADMITTED:
        raise Http404
    form = ProposeForm(
        request.POST if request.method == "POST" else None,
        volunteer=volunteer,
        initial={"commune": volunteer.person.commune_id, "district": volunteer.person.district_id},
    )
    if form.is_valid():
        try:
            offer = one_off.propose(volunteer, form.proposed())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, HELD if offer.hidden_because else SHOWN)
            return redirect("personal:one_off_offers")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "lines": one_off.lines(one_off.offers_of(volunteer))}
    return render(request, "aid/personal/one_off_offers.html", context, status=status)


@volunteers_page
@require_POST
def call_off_offer(request: HttpRequest, volunteer: Volunteer, uid: UUID) -> HttpResponse:
    """It does not take place after all. Twice is once; somebody else's is absent."""
    one_off.call_off(get_object_or_404(OneOffOffer.objects.filter(volunteer=volunteer), uid=uid))
    messages.success(request, "C’est retiré. Nous prévenons ceux qui avaient répondu.")
    return redirect("personal:one_off_offers")


def _acting(here: Here) -> Person | None:
    """Who reads for somebody else."""
    return None if here.mandate is None else here.person


def _home(here: Here) -> dict[str, object]:
    """Where somebody lives, so that it is not asked again; under a mandate her address stays on her card."""
    person = here.subject
    lives = {"commune": person.commune_id, "district": person.district_id}
    return lives if here.mandate is not None else lives | {"address": person.address}


def _uid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()
