"""The page of who has signed in: their requests, their missions, how they are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import role_required
from accounts.roles import Role
from aid.help_requests.enums import CLOSED, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import STATE_COLOURS, follow_path
from aid.help_requests.times import when_words
from aid.people.models import Person
from aid.personal.access import persons_of
from aid.personal.forms import ChannelForm
from aid.personal.services import choose_channel
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.texts import answer_path

MOST_SHOWN = 20
SAVED = "enregistre"

# How a volunteer's rendezvous stands, and what its link leads to.
RENDEZVOUS = {
    Outcome.ACCEPTED: ("vous y allez", "success", "Voir le rendez-vous"),
    Outcome.TO_CLOSE: ("c’est fait ?", "warning", "Dire si c’est fait"),
    Outcome.DONE: ("c’est fait, merci", "success", "Revoir"),
    Outcome.NOT_HELD: ("n’a pas eu lieu", "neutral", "Revoir"),
    Outcome.CANCELLED: ("annulé", "neutral", "Revoir"),
}


@dataclass(frozen=True)
class Line:
    """One request, as its line says it."""

    title: str
    icon: str
    when: str
    place: str
    state: str
    tone: str
    url: str
    action: str


@role_required(Role.RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show what is theirs; a POST changes how one of them is told."""
    persons = persons_of(request.user)
    forms = [_form(request, person, several=len(persons) > 1) for person in persons]
    if request.method == "POST":
        sent = next((form for form in forms if form.is_bound), None)
        if sent is None:
            raise Http404
        if sent.is_valid():
            choose_channel(sent.person, channel=sent.cleaned_data["channel"])
            return redirect(f"{reverse('personal:home')}?{SAVED}=1#prevenir")
    return render(request, "aid/personal/home.html", _shown(persons) | {"forms": forms, "saved": SAVED in request.GET})


def _form(request: HttpRequest, person: Person, *, several: bool) -> ChannelForm:
    is_theirs = request.method == "POST" and request.POST.get("person") == str(person.pk)
    return ChannelForm(person, request.POST if is_theirs else None, several=several)


def _shown(persons: list[Person]) -> dict[str, Any]:
    proposals = _proposals(persons)
    return {
        "first_name": persons[0].first_name if len(persons) == 1 else "",
        "requests": [_request_line(one) for one in _requests(persons)],
        "to_answer": [_proposal_line(one, "", "", "Répondre") for one in proposals if one.answer == Answer.ASKED],
        "missions": [
            _proposal_line(one, *RENDEZVOUS[one.outcome])
            for one in sorted(proposals, key=lambda one: one.request.state != RequestState.AGREED)
            if one.answer == Answer.YES
        ],
    }


def _requests(persons: Iterable[Person]) -> list[HelpRequest]:
    """The latest, those that are not closed first."""
    latest = (
        HelpRequest.objects.filter(person__in=persons).with_list_related_data().order_by("-day", "-pk")[:MOST_SHOWN]
    )
    return sorted(latest, key=lambda one: one.state in CLOSED)


def _proposals(persons: Iterable[Person]) -> list[Proposal]:
    theirs = Proposal.objects.filter(volunteer__person__in=persons)
    shown = theirs.to_answer() | theirs.filter(answer=Answer.YES)
    return list(shown.with_page_related_data().order_by("-request__day", "-pk")[:MOST_SHOWN])


def _request_line(one: HelpRequest) -> Line:
    return Line(
        title=str(one.kind),
        icon=one.kind.icon,
        when=when_words(one.day, one.hour, one.moment),
        place="",
        state=one.get_state_display(),
        tone=STATE_COLOURS[one.state],
        url=follow_path(one),
        action="Suivre cette demande" if one.state not in CLOSED else "Revoir cette demande",
    )


def _proposal_line(one: Proposal, state: str, tone: str, action: str) -> Line:
    asked = one.request
    return Line(
        title=str(asked.kind),
        icon=asked.kind.icon,
        when=when_words(asked.day, asked.hour, asked.moment),
        place=asked.place,
        state=state,
        tone=tone,
        url=answer_path(one),
        action=action,
    )
