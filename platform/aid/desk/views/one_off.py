"""Offers of one day, for who phones: those to come, one more for a volunteer, an answer for who is interested."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.desk import access
from aid.desk.forms.one_off import AnswerForThemForm
from aid.desk.views.entry import add_errors, initial_of
from aid.desk.views.frame import desk_screen, show
from aid.help_requests.enums import Consent, Source
from aid.help_requests.known_askers import ask_by_agent
from aid.help_requests.services import LimitReachedError
from aid.help_requests.transitions import NotAllowedError
from aid.nearby import one_off
from aid.nearby.forms import ProposeForm
from aid.onboarding.enums import VolunteerState
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

MOST_SHOWN = 50


@desk_screen("follow_requests")
@require_safe
def one_off_offers(request: HttpRequest) -> HttpResponse:
    """What volunteers offer for a day, to come, the soonest first."""
    offers = one_off.with_taken(access.one_off_offers_for(request.user).to_come())[:MOST_SHOWN]
    return show(request, "aid/desk/one_off_offers.html", {"lines": one_off.lines(offers)}, section="volunteers")


@desk_screen("follow_requests")
@require_POST
def call_off_offer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It does not take place: who answered is told. Twice is once."""
    offer = access.one_off_offer_of(request.user, uid)
    one_off.call_off(offer, by_account=request.user)
    messages.success(request, "La proposition est retirée. Ceux qui avaient répondu sont prévenus.")
    return redirect("desk:one_off_offers")


@desk_screen("follow_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def new_one_off_offer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a volunteer offers on the telephone. For who is not admitted it does not exist."""
    volunteer = access.volunteer_of(request.user, uid)
    if volunteer.state != VolunteerState.ADMITTED or not volunteer.person.is_living:
        raise Http404
    person = volunteer.person
    lives = {"commune": person.commune_id, "district": person.district_id}
    form = ProposeForm(request.POST if request.method == "POST" else None, volunteer=volunteer, initial=lives)
    if form.is_valid():
        try:
            offer = one_off.propose(volunteer, form.proposed(), by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            held = "C’est enregistré : ses mots sont à relire avant de paraître."
            messages.success(request, held if offer.hidden_because else "C’est enregistré : ses voisins la voient.")
            return redirect("desk:one_off_offers")
    context = {"form": form, "shown": person}
    return show(request, "aid/desk/new_one_off_offer.html", context, section="volunteers")


@desk_screen("enter_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def answer_offer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """« Ça m’intéresse », for who phones: which of what neighbours offer, and where they live."""
    shown = access.living_person_of(request.user, uid)
    note_reading(shown, screen=SeenOn.ENTRY, by_account=request.user)
    lines = one_off.lines(one_off.offers_for(shown)[:MOST_SHOWN])
    form = AnswerForThemForm(request.POST if request.method == "POST" else None, lines=lines, initial=initial_of(shown))
    if form.is_valid():
        ask = partial(
            ask_by_agent,
            shown,
            consent=Consent(form.cleaned_data["consent"]),
            source=Source(form.cleaned_data["source"]),
            by_account=request.user,
        )
        try:
            sent = one_off.answer(form.chosen.offer, form.answered(), person=shown, ask=lambda need: ask(need=need))
        except ValidationError as error:
            add_errors(form, error)
        except (LimitReachedError, NotAllowedError) as error:
            form.add_error(None, str(error))
        else:
            to = form.chosen.first_name
            held = f"C’est enregistré : ses mots sont à relire avant de partir à {to}."
            messages.success(request, held if sent.is_held else f"C’est noté : la réponse part à {to}.")
            return redirect("desk:request", uid=sent.request.uid)
    return show(request, "aid/desk/answer_offer.html", {"form": form, "shown": shown, "lines": lines}, section="people")
