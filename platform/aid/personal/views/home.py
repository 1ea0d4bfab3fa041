"""The page of who has signed in: their requests, their missions, how they are told."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aid.help_requests.enums import CLOSED, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import STATE_COLOURS, follow_path
from aid.help_requests.times import when_words
from aid.people.models import Person
from aid.personal.forms import ChannelForm
from aid.personal.services import choose_channel
from aid.personal.views.frame import Here, personal_page
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


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what is theirs, and nothing of who enters by the same account; a POST changes how they are told."""
    person = here.person
    # The page may have been drawn for the other one, before « ce n’est pas vous ».
    if request.method == "POST" and request.POST.get("person") != str(person.pk):
        raise Http404
    form = ChannelForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        choose_channel(person, channel=form.cleaned_data["channel"])
        return redirect(f"{reverse('personal:home')}?{SAVED}=1#prevenir")
    context = {"name": here.name, "is_shared": bool(here.others), "form": form, "saved": SAVED in request.GET}
    return render(request, "aid/personal/home.html", _shown(person) | context)


def _shown(person: Person) -> dict[str, Any]:
    proposals = _proposals(person)
    return {
        "requests": [_request_line(one) for one in _requests(person)],
        "to_answer": [_proposal_line(one, "", "", "Répondre") for one in proposals if one.answer == Answer.ASKED],
        "missions": [
            _proposal_line(one, *RENDEZVOUS[one.outcome])
            for one in sorted(proposals, key=lambda one: one.request.state != RequestState.AGREED)
            if one.answer == Answer.YES
        ],
    }


def _requests(person: Person) -> list[HelpRequest]:
    """The latest, those that are not closed first."""
    latest = HelpRequest.objects.filter(person=person).with_list_related_data().order_by("-day", "-pk")[:MOST_SHOWN]
    return sorted(latest, key=lambda one: one.state in CLOSED)


def _proposals(person: Person) -> list[Proposal]:
    theirs = Proposal.objects.filter(volunteer__person=person)
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
