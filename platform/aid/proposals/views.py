"""The page of a personal link: answer, see the mission, say that it is done. No signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from aid.cards.words import word_for
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import when_words
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from aid.proposals.access import may_worry, proposal_or_404, worrying_about
from aid.proposals.commitments import go_each_time, goes_each_time, may_go_each_time, stop_going_each_time
from aid.proposals.enums import Outcome
from aid.proposals.forms import DoneForm, NotHeldForm
from aid.proposals.models import Proposal
from aid.proposals.services import accept, decline, tell_done, tell_not_held
from aid.proposals.texts import answer_path, calendar_path, worry_path
from aid.proposals.times import starts_at
from aid.worries.views import telling
from core.calendar_files import calendar_answer, event
from core.french import duration_words
from core.link_pages import behind_a_link
from themes.brand import format_telephone

# Titles and sentences where there is nothing left to do.
SAID = {
    Outcome.DONE: ("Merci !", "C’est noté. Vous avez fait du bien à quelqu’un."),
    Outcome.NOT_HELD: ("C’est noté", "Merci de nous l’avoir dit. L’équipe prend le relais."),
    Outcome.DECLINED: (
        "Merci d’avoir répondu",
        "Ce sera pour une autre fois. Nous vous écrirons pour une prochaine demande.",
    ),
    Outcome.TOO_LATE: (
        "Déjà pourvu, merci !",
        "Un autre voisin a dit oui avant vous. Nous vous écrirons pour une prochaine demande.",
    ),
    Outcome.CANDIDATE: (
        "Merci de vous proposer",
        "La personne, ou l’équipe, choisit bientôt. Nous vous prévenons dans tous les cas.",
    ),
    Outcome.NOT_CHOSEN: (
        "Merci de vous être proposé",
        "Quelqu’un d’autre y va cette fois. Nous vous écrirons pour une prochaine demande.",
    ),
    Outcome.WITHDREW: (
        "C’est noté",
        "Merci de nous avoir prévenus. Nous cherchons quelqu’un d’autre.",
    ),
    Outcome.CANCELLED: (
        "Demande annulée",
        "Cette personne n’a plus besoin d’aide ce jour-là. Vous n’avez rien à faire. Merci d’avoir été là.",
    ),
    Outcome.EXPIRED: (
        "C’est passé",
        "Cette demande n’attend plus de réponse. Merci d’avoir regardé.",
    ),
    Outcome.NOT_ADMITTED: (
        "Parlons-en d’abord",
        "Votre inscription n’est pas active en ce moment. Appelez-nous : nous ferons le point ensemble.",
    ),
}


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a proposal stands; a POST says yes, no, done or not done. Looking changes nothing."""
    proposal = proposal_or_404(token)
    if request.method != "POST":
        return _page(request, proposal)
    said = request.POST.get("answer")
    if said == "yes":
        accept(proposal)
    elif said == "no":
        decline(proposal)
    elif said == "each_time":
        go_each_time(proposal)
    elif said == "not_each_time":
        stop_going_each_time(proposal)
    elif said == "done":
        done = DoneForm(request.POST)
        if not done.is_valid():
            return _page(request, proposal, done=done)
        tell_done(proposal, minutes=done.minutes, words=done.cleaned_data["words"])
    elif said == "not_held":
        not_held = NotHeldForm(request.POST)
        if not not_held.is_valid():
            return _page(request, proposal, not_held=not_held)
        tell_not_held(proposal, words=not_held.cleaned_data["reason"])
    return redirect("proposals:answer", token=token)


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def worry(request: HttpRequest, token: str) -> HttpResponse:
    """« Je m’inquiète pour elle », for who said yes: before, after, and while it is not said how it went."""
    proposal = proposal_or_404(token)
    return telling(
        request, person=worrying_about(proposal), told_by=proposal.volunteer.person, back=answer_path(proposal)
    )


@behind_a_link
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A rendezvous to put in one's own calendar: what, when, and which district; nobody's name nor address."""
    proposal = proposal_or_404(token)
    if proposal.outcome is not Outcome.ACCEPTED:
        raise Http404
    asked = proposal.request
    content = event(
        uid=f"{asked.uid}@palier",
        at=starts_at(asked),
        minutes=asked.kind.usual_minutes,
        title=str(asked.kind),
        place=asked.place,
    )
    return calendar_answer(content, name="rendez-vous")


def _page(
    request: HttpRequest, proposal: Proposal, *, done: DoneForm | None = None, not_held: NotHeldForm | None = None
) -> HttpResponse:
    outcome, asked = proposal.outcome, proposal.request
    context = {
        "asked": asked,
        "when": when_words(asked.day, asked.hour, asked.moment),
        "worry_url": worry_path(proposal) if may_worry(proposal) else "",
    }
    if outcome is Outcome.TO_ANSWER:
        return render(request, "aid/proposals/question.html", context)
    if outcome in {Outcome.ACCEPTED, Outcome.TO_CLOSE}:
        note_reading(asked.person, screen=SeenOn.MISSION, by_person=proposal.volunteer.person)
        context |= {
            "telephone": format_telephone(asked.person.phone),
            "word": word_for(proposal.volunteer, asked.person) if asked.ends_at > timezone.now() else "",
            "comes_again": asked.series.recurrence.words if asked.series else "",
            "may_go_each_time": may_go_each_time(proposal),
            "goes_each_time": goes_each_time(proposal),
            "calendar_url": calendar_path(proposal),
            "may_close": outcome is Outcome.TO_CLOSE,
            "done": done or DoneForm(),
            "not_held": not_held or NotHeldForm(),
        }
        return render(request, "aid/proposals/mission.html", context)
    return render(request, "aid/proposals/said.html", context | _said(outcome, asked))


def _said(outcome: Outcome, asked: HelpRequest) -> dict[str, str]:
    heading, sentence = SAID[outcome]
    is_done = outcome is Outcome.DONE
    return {
        "heading": heading,
        "sentence": sentence,  # « text » would be the telephone component's too
        "duration": duration_words(asked.minutes) if is_done else "",
        "thanks": asked.thanks if is_done else "",
        "first_name": asked.person.first_name if is_done and asked.person else "",
    }
