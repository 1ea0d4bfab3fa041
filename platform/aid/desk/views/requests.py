"""The list of requests, the page of one, and the gestures on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Account
from aid.configuration.enums import Mode
from aid.desk import access, lists, services
from aid.desk.forms.gestures import (
    AcceptForm,
    AmendForm,
    CancelForm,
    ChooseForm,
    FinishForm,
    GestureForm,
    HowForm,
    ModeForm,
    NoteForm,
    UnmetForm,
    WithdrawForm,
)
from aid.desk.subjects import REQUEST
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import counted, desk_screen, filtered, filters, page_of, show
from aid.help_requests.amending import AMENDABLE, amend
from aid.help_requests.enums import (
    AGREE,
    BEFORE_LOOKING,
    CANCEL,
    CLOSE,
    CONFIRM,
    FINISH,
    GIVE_UP,
    GOING,
    LOOKING,
    AskedBy,
    RequestState,
)
from aid.help_requests.feedback import how_it_went, is_asked_how, say_how_it_went
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import cancel, confirm, finish, give_up
from aid.help_requests.transitions import NotAllowedError
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from aid.proposals.choosing import candidates_of
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import ENGAGED
from aid.proposals.modes import change_mode
from aid.proposals.places import agree_with_fewer
from aid.proposals.services import accept, choose, who_goes, with_messages, withdraw
from aid.relations.services import close_to, deeds_about

MOST_MESSAGES = 30
MOST_PROPOSALS = 50


@desk_screen("open_desk")
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Requests, by state, kind and commune: each choice is in the address."""
    wanted = filters(request, RequestState)
    last_first = ("-created_at", "-pk")
    lines, order, said = lists.requests(request.user), last_first, "la dernière reçue d’abord"
    if wanted["chosen"]["etat"] in {RequestState.TO_CHECK, *LOOKING}:
        lines, order, said = lines.ranked(), ("urgency_rank", *last_first), "les plus urgentes d’abord"
    page = page_of(request, filtered(lines, wanted["chosen"], kind="kind", commune="commune").order_by(*order))
    context = wanted | {"page": page, "caption": f"{counted(page, 'demande')}, {said}"}
    return show(request, "aid/desk/requests.html", context, section="requests")


@desk_screen("open_desk")
@require_safe
def request_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything about one request."""
    shown = access.request_of(request.user, uid)
    return _show_request(request, shown, NoteForm(request=shown))


def _show_request(request: HttpRequest, shown: HelpRequest, note_form: NoteForm) -> HttpResponse:
    if shown.person is not None:
        note_reading(shown.person, screen=SeenOn.REQUEST, by_account=request.user)
    going = [one.volunteer for one in who_goes(shown)] or ([shown.volunteer] if shown.volunteer else [])
    # Any may have been forgotten.
    written_to = [one for one in (shown.person, *(volunteer.person for volunteer in going)) if one is not None]
    proposals = with_messages(
        shown.proposals.standing().select_related("volunteer__person").order_by("answered_at", "pk")[:MOST_PROPOSALS]
    )
    asking = [shown.asked_by_person] if shown.asked_by_person else []
    named = [*written_to, *asking, *(proposal.volunteer.person for proposal in proposals)]
    context = {
        "shown": shown,
        "going": going,
        "who_asked": who_asked(shown),
        "deeds": deeds_about(shown.uid),
        "steps": shown.steps.select_related("by_account", "by_person__merged_into", "said"),
        "proposals": proposals,
        # A volunteer of another sector is named where they were asked, and called: their card stays closed.
        "openable": access.openable(request.user, named),
        "answers": shown.proposals.standing().aggregate(
            asked=Count("pk"), refused=Count("pk", filter=Q(answer=Answer.NO))
        ),
        "sent": access.messages_for(request.user)
        .of(*written_to)
        .filter(created_at__gte=shown.created_at)
        .order_by("-created_at", "-pk")[:MOST_MESSAGES],
        "followups": access.followups_for(request.user).open().filter(subject_kind=REQUEST, subject_id=shown.pk),
        "gestures": [gesture for gesture in GESTURES.values() if gesture.is_offered(shown)],
        "is_looking": shown.state in LOOKING,
        "note_form": note_form,
    }
    return show(request, "aid/desk/request.html", context, section="requests")


def who_asked(request: HelpRequest) -> str:
    """Who spoke for whom, and by which door: « Claire Martin (sa fille), au téléphone, pour Jeanne Martin »."""
    if request.asked_by == AskedBy.SELF:
        return f"{request.get_asked_by_display()}, {request.get_source_display()}"
    who, link = request.asked_by_name, request.get_asked_by_display()
    if request.asked_by_person is not None:
        who = request.asked_by_person.full_name
        ties = dict(close_to(request.person)) if request.person else {}
        link = ties.get(request.asked_by_person) or link
    return f"{who} ({link}), {request.get_source_display()}, pour {request.for_whom}"


@desk_screen("follow_requests")
@require_POST
def add_note(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep a note."""
    shown = access.request_of(request.user, uid)
    form = NoteForm(request.POST, request=shown)
    if not form.is_valid():
        return _show_request(request, shown, form)
    services.note(shown, words=form.cleaned_data["words"], by_account=request.user)
    messages.success(request, "Votre note est gardée.")
    return redirect("desk:request", uid=uid)


@dataclass(frozen=True)
class Gesture:
    """A step that an agent takes for somebody, on a page that asks « are you sure? »."""

    slug: str
    # Where a request must stand.
    sources: tuple[RequestState, ...]
    label: str
    question: str
    warning: str
    form: type[Form]
    act: Callable[[Any, Account], str]
    tone: str = ""
    # What else must be so of a request that stands there.
    is_possible: Callable[[HelpRequest], bool] = lambda request: True

    def is_offered(self, request: HelpRequest) -> bool:
        """Whether an agent may do it for a request, as it stands."""
        return request.state in self.sources and self.is_possible(request)


def _confirm(form: GestureForm, account: Account) -> str:
    confirm(form.request, by_account=account)
    return "La demande est vérifiée. On cherche quelqu’un."


def _accept(form: GestureForm, account: Account) -> str:
    outcome = accept(form.cleaned_data["proposal"], by_account=account)
    if outcome is Outcome.CANDIDATE:
        return "C’est noté : ce bénévole se propose. Il reste à choisir qui vient."
    if outcome is Outcome.TOO_LATE:
        raise NotAllowedError("Quelqu’un d’autre a déjà dit oui.")
    if outcome is Outcome.NOT_CHOSEN:
        return "Ses places sont prises : la personne qui demande est prévenue."
    if outcome not in {Outcome.ACCEPTED, Outcome.TO_CLOSE}:
        raise NotAllowedError("Ce bénévole ne peut plus dire oui à cette demande.")
    return "C’est noté. Les deux personnes reçoivent leurs coordonnées."


def _choose(form: ChooseForm, account: Account) -> str:
    # For who asked, who phones; or for the town, where it chooses.
    choose(form.cleaned_data["proposal"], by_account=account, by_person=form.request.person)
    return "C’est choisi. Chacun est prévenu."


def _agree_with_fewer(form: GestureForm, account: Account) -> str:
    agree_with_fewer(form.request, by_account=account)
    return "C’est noté : ceux qui ont dit oui y vont."


def _withdraw(form: WithdrawForm, account: Account) -> str:
    outcome = withdraw(form.cleaned_data["proposal"], words=form.cleaned_data["words"], by_account=account)
    if outcome is not Outcome.WITHDREW:
        raise NotAllowedError("L’heure est passée : dites plutôt que cela n’a pas eu lieu.")
    return "C’est noté. La personne est prévenue, et nous cherchons quelqu’un d’autre."


def _amend(form: AmendForm, account: Account) -> str:
    amend(form.request, form.wanted(), by_account=account, by_person=form.request.person)
    return "C’est noté. Les bénévoles que cela concerne sont prévenus."


def _change_mode(form: ModeForm, account: Account) -> str:
    change_mode(form.request, Mode(form.cleaned_data["mode"]), by_account=account)
    return "C’est noté : nous cherchons quelqu’un de cette façon."


def _say_how(form: HowForm, account: Account) -> str:
    said = {"went_well": form.went_well, "words": form.cleaned_data["words"]}
    say_how_it_went(form.request, by_account=account, by_person=form.request.person, **said)
    return "C’est noté."


def _finish(form: GestureForm, account: Account) -> str:
    finish(form.request, by_account=account, **form.cleaned_data)
    return "Le service est noté comme rendu."


def _give_up(form: UnmetForm, account: Account) -> str:
    give_up(form.request, by_account=account, **form.said())
    return "C’est noté : la demande est close."


def _cancel(form: CancelForm, account: Account) -> str:
    cancel(form.request, by_account=account, **form.said())
    return "La demande est annulée."


GESTURES = {
    gesture.slug: gesture
    for gesture in (
        Gesture(
            slug="verifier",
            sources=CONFIRM.sources,
            label="Le numéro est bon",
            question="Avez-vous parlé à cette personne ?",
            warning="Son numéro sera noté comme vérifié. Les bénévoles de cette aide seront prévenus tout de suite.",
            form=GestureForm,
            act=_confirm,
        ),
        Gesture(
            slug="choisir",
            sources=AGREE.sources,
            label="Choisir un candidat",
            question="Qui y va ?",
            warning="Les deux personnes recevront le prénom et le téléphone l’une de l’autre. "
            "Une fois toutes les places prises, les autres candidats sont remerciés.",
            form=ChooseForm,
            act=_choose,
            is_possible=lambda request: candidates_of(request).exists(),
        ),
        Gesture(
            slug="oui",
            sources=AGREE.sources,
            label="Un bénévole dit oui",
            question="Un bénévole vient de dire oui ?",
            warning="Les deux personnes recevront le prénom et le téléphone l’une de l’autre. "
            "Les autres bénévoles sauront que c’est pourvu.",
            form=AcceptForm,
            act=_accept,
        ),
        Gesture(
            slug="moins-de-benevoles",
            sources=AGREE.sources,
            label="Partir avec moins de bénévoles",
            question="Ceux qui ont dit oui suffisent ?",
            warning="La demande ne cherchera plus personne. Chacun sera prévenu.",
            form=GestureForm,
            act=_agree_with_fewer,
            is_possible=lambda request: request.people_needed > 1 and request.proposals.yes().exists(),
        ),
        Gesture(
            slug="rendue",
            sources=FINISH.sources,
            label="Le service est rendu",
            question="Le service est rendu ?",
            warning="Les chiffres de la ville en tiendront compte. Cela ne peut pas être défait.",
            form=FinishForm,
            act=_finish,
        ),
        Gesture(
            slug="modifier",
            sources=AMENDABLE,
            label="Modifier la demande",
            question="Qu’est-ce qui change ?",
            warning="Si le jour, l’heure ou le lieu changent, nous demandons à qui devait venir si cela lui va encore.",
            form=AmendForm,
            act=_amend,
        ),
        Gesture(
            slug="mise-en-relation",
            sources=(*BEFORE_LOOKING, *LOOKING),
            label="Chercher autrement",
            question="Comment chercher quelqu’un ?",
            warning="Ce qui a été répondu reste : qui se propose, ou a été sollicité, peut encore venir. "
            "Si la demande revient, les jours à venir changent aussi.",
            form=ModeForm,
            act=_change_mode,
        ),
        Gesture(
            slug="bilan",
            sources=(*GOING, *CLOSE.sources),
            label="Comment cela s’est passé",
            question="Cela s’est-il bien passé ?",
            warning="C’est la réponse de la personne aidée. Après un non, une suite vous dit de la rappeler.",
            form=HowForm,
            act=_say_how,
            is_possible=lambda request: is_asked_how(request) and how_it_went(request) is None,
        ),
        Gesture(
            slug="desistement",
            sources=ENGAGED,
            label="Le bénévole se désiste",
            question="Qui ne peut plus y aller ?",
            warning="La personne sera prévenue, et la demande cherchera de nouveau quelqu’un.",
            form=WithdrawForm,
            act=_withdraw,
            is_possible=lambda request: request.proposals.yes().exists(),
        ),
        Gesture(
            slug="pas-eu-lieu",
            sources=GIVE_UP.sources,
            label="Cela n’a pas eu lieu",
            question="Personne n’est venu ?",
            warning="La demande sera close sans réponse. Cela ne peut pas être défait.",
            form=UnmetForm,
            act=_give_up,
            tone="danger",
        ),
        Gesture(
            slug="annuler",
            sources=CANCEL.sources,
            label="Annuler la demande",
            question="Annuler cette demande ?",
            warning="Les bénévoles concernés seront prévenus. Cela ne peut pas être défait.",
            form=CancelForm,
            act=_cancel,
            tone="danger",
        ),
    )
}


@desk_screen("follow_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def take_gesture(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Ask « are you sure? », then do it. Too late, it changes nothing and says where the request stands."""
    shown = access.request_of(request.user, uid)
    gesture = GESTURES.get(slug)
    if gesture is None:
        raise Http404
    if not gesture.is_offered(shown):
        messages.warning(request, f"Rien n’a changé : cette demande est {shown.state_said}.")
        return redirect("desk:request", uid=uid)
    form = gesture.form(request.POST or None, request=shown)
    if request.method == "POST" and form.is_valid():
        try:
            said = gesture.act(form, request.user)
        except NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, said)
        if not form.errors:
            return redirect("desk:request", uid=uid)
    context = {"shown": shown, "gesture": gesture, "form": form}
    return show(request, "aid/desk/gesture.html", context, section="requests")
