"""The page of who has signed in: their requests, their missions, how they are told."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aid.directory.welcoming import to_welcome
from aid.help_requests.access import requests_of
from aid.help_requests.enums import OVER
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import STATE_COLOURS, follow_path
from aid.help_requests.times import when_words
from aid.moderation import sanctions
from aid.onboarding.enums import VolunteerState
from aid.people.models import Person
from aid.personal.forms import ChannelForm
from aid.personal.services import choose_channel
from aid.personal.views.frame import Here, page_under_mandate
from aid.proposals.access import proposals_of
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import ENGAGED, Proposal
from aid.proposals.texts import answer_path
from aid.relations.access import invitations_to
from aid.relations.enums import Scope
from aid.relations.services import mandates_in_force

MOST_SHOWN = 20
SAVED = "enregistre"

# How a volunteer's rendezvous stands, and what its link leads to.
RENDEZVOUS = {
    Outcome.CANDIDATE: ("vous vous proposez", "info", "Voir"),
    Outcome.ACCEPTED: ("vous y allez", "success", "Voir le rendez-vous"),
    Outcome.EXPIRED: ("c’est passé", "neutral", "Revoir"),
    Outcome.TO_CLOSE: ("c’est fait ?", "warning", "Dire si c’est fait"),
    Outcome.DONE: ("c’est fait, merci", "success", "Revoir"),
    Outcome.NOT_HELD: ("n’a pas eu lieu", "neutral", "Revoir"),
    Outcome.CANCELLED: ("annulé", "neutral", "Revoir"),
    Outcome.NOT_ADMITTED: ("à voir avec nous", "warning", "Voir"),
}
# What leads a volunteer to their own page; who left, or never was one, finds the way on the site.
VOLUNTEERING = {
    VolunteerState.CANDIDATE: "Votre candidature de bénévole : où vous en êtes",
    VolunteerState.ADMITTED: "Bénévole : ce que vous proposez, vos absences, vos étapes",
    VolunteerState.ON_LEAVE: "Bénévole : vous êtes en pause",
    VolunteerState.SUSPENDED: "Bénévole : parlons-en",
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
    note: str = ""


@page_under_mandate()
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what is theirs, and nothing of who enters by the same account; a POST changes how they are told.

    Under a mandate it shows what is hers for whom they act: each part, if the mandate allows it.
    """
    person = here.subject
    # The page may have been drawn for the other one, before « ce n’est pas vous ».
    is_posted = request.method == "POST"
    if is_posted and (request.POST.get("person") != str(person.pk) or not here.may(Scope.CHANNEL)):
        raise Http404
    form = ChannelForm(person, request.POST if is_posted else None, is_for_her=here.mandate is not None)
    if form.is_valid():
        choose_channel(person, channel=form.cleaned_data["channel"], mandate=here.mandate)
        return redirect(f"{reverse('personal:home')}?{SAVED}=1#prevenir")
    context = {"form": form, "saved": SAVED in request.GET}
    if here.mandate is not None:
        return render(request, "aid/personal/home_for_her.html", context | _hers(here))
    context |= {"name": here.name, "is_shared": bool(here.others)} | _shown(person)
    context["has_measures"] = sanctions.are_any(person)
    volunteer = getattr(person, "volunteer", None)
    context["volunteering"] = VOLUNTEERING.get(volunteer.state, "") if volunteer else ""
    context |= {"may_act_for": mandates_in_force(person), "offered": invitations_to(request.user, person)}
    context["is_volunteer"] = volunteer is not None
    return render(request, "aid/personal/home.html", context)


def _hers(here: Here) -> dict[str, Any]:
    """What a mandate shows of somebody."""
    requests = _requests(here.subject) if here.may(Scope.REQUESTS) else []
    return {
        "mandate": here.mandate,
        "may": {scope.value: here.may(scope) for scope in Scope},
        # By an address that opens to nobody else: a personal link would outlive the mandate.
        "requests": [_request_line(one, reverse("personal:request", args=[one.uid])) for one in requests],
    }


def _shown(person: Person) -> dict[str, Any]:
    proposals = _proposals(person)
    return {
        "to_welcome": to_welcome(person),
        "requests": [_request_line(one, follow_path(one)) for one in _requests(person)],
        "to_answer": [_proposal_line(one, "", "", "Répondre") for one in proposals if one.answer == Answer.ASKED],
        "missions": [
            _proposal_line(one, *RENDEZVOUS[one.outcome])
            for one in sorted(proposals, key=lambda one: one.request.state not in ENGAGED)
            if one.answer in {Answer.YES, Answer.CANDIDATE}
        ],
    }


def _requests(person: Person) -> list[HelpRequest]:
    """The latest, those that are not closed first."""
    latest = requests_of(person).order_by("-day", "-pk")[:MOST_SHOWN]
    return sorted(latest, key=lambda one: one.state in OVER)


def _proposals(person: Person) -> list[Proposal]:
    return list(proposals_of(person).order_by("-request__day", "-pk")[:MOST_SHOWN])


def _request_line(one: HelpRequest, url: str) -> Line:
    return Line(
        title=str(one.kind),
        icon=one.kind.icon,
        when=when_words(one.day, one.hour, one.moment),
        place="",
        state=one.get_state_display(),
        tone=STATE_COLOURS[one.state],
        url=url,
        note=f"Demandé par {one.asked_by_person.first_name}" if one.asked_by_person else "",
        action="Suivre cette demande" if one.state not in OVER else "Revoir cette demande",
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
