"""Pages of personal links: answer, see the mission, withdraw, say that it is done; choose who comes. No signing in."""

import contextlib
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aid.configuration.enums import Mode
from aid.help_requests.access import request_of_link
from aid.help_requests.enums import COLLECTIVE
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import when_words
from aid.help_requests.transitions import NotAllowedError
from aid.moderation.services import masked
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from aid.proposals import direct
from aid.proposals.access import may_worry, proposal_or_404, word_at_the_door, worrying_about
from aid.proposals.choosing import candidate_of, is_chosen_by_asker
from aid.proposals.commitments import go_each_time, goes_each_time, may_go_each_time, stop_going_each_time
from aid.proposals.enums import GOES, Outcome, Way
from aid.proposals.forms import DoneForm, NotHeldForm, WithdrawForm, WordsBackForm
from aid.proposals.models import Proposal
from aid.proposals.reaching import reached_through
from aid.proposals.services import accept, choose, decline, tell_done, tell_not_held, withdraw
from aid.proposals.texts import answer_path, calendar_path, withdraw_path, worry_path
from aid.proposals.times import starts_at
from aid.worries.views import telling
from core.calendar_files import calendar_answer, event
from core.french import duration_words
from core.link_pages import behind_a_link
from themes.brand import format_telephone

# Answers that a few words may go with, to who chose this volunteer.
WORDS_WITH = ("yes", "no", "words")
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

# Of what they offered for a day, the places are taken.
FULL = ("Vos places sont prises", "Nous l’avons dit à cette personne. Merci de ce que vous proposez.")


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a proposal stands; a POST says yes, no, done or not done. Looking changes nothing."""
    proposal = proposal_or_404(token)
    if request.method != "POST":
        return _page(request, proposal)
    said, words_back = request.POST.get("answer"), WordsBackForm(request.POST)
    if proposal.way == Way.CHOSEN and said in WORDS_WITH and request.POST.get("words", "").strip():
        # Words go with a yes or a no, or alone; refused, nothing is answered yet.
        if not _relayed(proposal, words_back):
            return _page(request, proposal, words_back=words_back, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        proposal.refresh_from_db()
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
            return _page(request, proposal, done=done, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        tell_done(proposal, minutes=done.minutes, words=done.cleaned_data["words"])
    elif said == "not_held":
        not_held = NotHeldForm(request.POST)
        if not _is_told(proposal, not_held):
            return _page(request, proposal, not_held=not_held, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("proposals:answer", token=token)


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def worry(request: HttpRequest, token: str) -> HttpResponse:
    """« Je m’inquiète pour elle », for who said yes: before, after, and while it is not said how it went."""
    proposal = proposal_or_404(token)
    return telling(
        request, person=worrying_about(proposal), told_by=proposal.volunteer.person, back=answer_path(proposal)
    )


def _is_told(proposal: Proposal, form: NotHeldForm) -> bool:
    """Whether it is kept that it did not take place; else the form says what is missing."""
    if form.is_valid():
        try:
            tell_not_held(proposal, **form.said())
        except ValidationError as error:
            form.add_error("story", ValidationError(error.messages))
    return form.is_valid()


def _relayed(proposal: Proposal, form: WordsBackForm) -> bool:
    """Whether what a volunteer writes back is on its way; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        direct.write_back(proposal, words=form.cleaned_data["words"])
    except ValidationError as error:
        form.add_error(None, error)
        return False
    except NotAllowedError:
        # The page that follows says where it stands.
        return True
    return True


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


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def cannot_go(request: HttpRequest, token: str) -> HttpResponse:
    """« Je ne peux plus y aller »: ask once, then free the place. Where they do not go, their page says where it is."""
    proposal = proposal_or_404(token)
    back = answer_path(proposal)
    if not proposal.may_withdraw:
        return redirect(back)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        withdraw(proposal, words=form.cleaned_data["words"])
        return redirect(back)
    asked = proposal.request
    context = {"asked": asked, "when": when_words(asked.day, asked.hour, asked.moment), "form": form, "back": back}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "aid/proposals/withdraw.html", context, status=status)


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def choose_candidate(request: HttpRequest, token: str, candidate: str) -> HttpResponse:
    """Who asked chooses who comes. Only for who has proved whose telephone it is."""
    shown, is_proved = request_of_link(token)
    if not is_proved:
        raise Http404
    return choosing_page(
        request,
        shown,
        candidate,
        back=reverse("help_requests:follow", args=[token]),
        act=lambda proposal: choose(proposal, by_person=shown.person),
    )


def choosing_page(
    request: HttpRequest, shown: HelpRequest, token: str, *, back: str, act: Callable[[Proposal], object]
) -> HttpResponse:
    """Are you sure? For « mon espace » too. Who is no candidate of this any more leads back to its page.

    Raises Http404 where the team chooses.
    """
    if not is_chosen_by_asker(shown):
        raise Http404
    chosen = candidate_of(shown, token)
    if chosen is None:
        return redirect(back)
    if request.method == "POST":
        # Too late: the page that follows says where it stands.
        with contextlib.suppress(NotAllowedError):
            act(chosen)
        return redirect(back)
    when = when_words(shown.day, shown.hour, shown.moment)
    context = {"shown": shown, "when": when, "person": chosen.volunteer.person, "back": back}
    return render(request, "aid/proposals/choose.html", context)


def _page(
    request: HttpRequest,
    proposal: Proposal,
    *,
    done: DoneForm | None = None,
    not_held: NotHeldForm | None = None,
    words_back: WordsBackForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    outcome, asked = proposal.outcome, proposal.request
    context = {
        "asked": asked,
        "when": when_words(asked.day, asked.hour, asked.moment),
        "worry_url": worry_path(proposal) if may_worry(proposal) else "",
    }
    if outcome is Outcome.TO_ANSWER and proposal.way == Way.CHOSEN:
        context |= {
            "form": words_back or WordsBackForm(),
            "message": masked(asked.details),
            "words_back": proposal.words_back,
            "is_offered": proposal.offer is not None,
            "kind": direct.KIND,
            "number": proposal.pk,
        }
        return render(request, "aid/proposals/message.html", context, status=status)
    if outcome is Outcome.TO_ANSWER:
        # Who was asked in particular goes if they say yes.
        context["puts_forward"] = asked.mode == Mode.CANDIDATES and proposal.way == Way.ROUND
        return render(request, "aid/proposals/question.html", context)
    if outcome is Outcome.CANDIDATE:
        return render(request, "aid/proposals/candidate.html", context | {"by_asker": is_chosen_by_asker(asked)})
    if outcome in GOES:
        if proposal.shows_whom:
            note_reading(asked.person, screen=SeenOn.MISSION, by_person=proposal.volunteer.person)
        instead = reached_through(asked.person, asked_by=asked.asked_by_person)
        context |= {
            "shows_whom": proposal.shows_whom,
            "is_collective": asked.asked_by in COLLECTIVE,
            "telephone": format_telephone(asked.person.phone),
            "instead": instead,
            "telephone_instead": format_telephone(instead.phone) if instead else "",
            "word": word_at_the_door(proposal),
            "comes_again": asked.series.recurrence.words if asked.series else "",
            "may_go_each_time": may_go_each_time(proposal),
            "goes_each_time": goes_each_time(proposal),
            "calendar_url": calendar_path(proposal),
            "may_close": outcome is Outcome.TO_CLOSE,
            "withdraw_url": withdraw_path(proposal) if proposal.may_withdraw else "",
            "done": done or DoneForm(),
            "not_held": not_held or NotHeldForm(),
        }
        return render(request, "aid/proposals/mission.html", context, status=status)
    return render(request, "aid/proposals/said.html", context | _said(proposal, outcome))


def _said(proposal: Proposal, outcome: Outcome) -> dict[str, str]:
    asked = proposal.request
    is_full = outcome is Outcome.NOT_CHOSEN and proposal.offer is not None
    heading, sentence = FULL if is_full else SAID[outcome]
    is_done = outcome is Outcome.DONE
    return {
        "heading": heading,
        "sentence": sentence,  # « text » would be the telephone component's too
        "duration": duration_words(proposal.minutes or asked.minutes) if is_done else "",
        "thanks": asked.thanks if is_done else "",
        "first_name": asked.person.first_name if is_done and asked.person else "",
    }
