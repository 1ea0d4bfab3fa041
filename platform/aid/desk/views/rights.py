"""What people ask of what is known of them: the list, one of them, the gestures on it, and asking for who phones."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from aid.desk import access, lists
from aid.desk.forms.rights import (
    WRITTEN,
    AskRightForm,
    DoneForm,
    ForgetForm,
    HowForm,
    RefuseForm,
    RightGestureForm,
)
from aid.desk.views.frame import counted, desk_screen, page_of, query_without_page, show
from aid.people.models import Person
from aid.privacy import consents, forgetting, rights
from aid.privacy.enums import DO, LIFT, REFUSE, TAKE, WITHDRAW, ConsentKind, RightKind, RightStep, SeenOn
from aid.privacy.forgetting import Obstacle, StandsInTheWayError
from aid.privacy.models import RightsRequest
from aid.privacy.services import note_reading
from aid.privacy.texts import BY_KIND, BY_SLUG

# Where what stands in the way is ended.
PAGES = {
    "request": "desk:request",
    "series": "desk:series",
    "followup": "desk:followup",
    "person": "desk:person",
    "flag": "desk:flag",
    "worry": "desk:worry",
}
FORGOTTEN = "C’est fait : cette personne est oubliée. Les chiffres de la ville n’ont pas changé."
STILL = "Rien n’a changé : il reste quelque chose à terminer d’abord."


@desk_screen("follow_rights")
@require_safe
def asked_rights(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first; or what is closed, the last first."""
    is_closed = request.GET.get("etat") == "closes"
    page = page_of(request, lists.rights(request.user, is_closed=is_closed))
    context = {
        "page": page,
        "caption": counted(page, "demande"),
        "query": query_without_page(request),
        "states": [("closes", "Closes")],
        "chosen": "closes" if is_closed else "",
        "today": timezone.localdate(),
    }
    return show(request, "aid/desk/rights.html", context, section="rights")


@desk_screen("follow_rights")
@require_safe
def right(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One demand: who asks what, what stands in the way, and what may be done."""
    shown = access.right_of(request.user, uid)
    if shown.person is not None:
        note_reading(shown.person, screen=SeenOn.RIGHTS, by_account=request.user)
    context = {
        "shown": shown,
        "gestures": [one for one in GESTURES.values() if one.fits(shown)],
        "obstacles": _obstacles(shown),
        "changes": rights.changes_since(shown) if shown.kind == RightKind.CORRECT and shown.person else [],
        "is_late": shown.is_waiting and shown.due_on < timezone.localdate(),
    }
    return show(request, "aid/desk/right.html", context, section="rights")


def _obstacles(shown: RightsRequest) -> list[tuple[Obstacle, str]]:
    """What stands in the way of forgetting, each with its page."""
    if shown.kind != RightKind.FORGET or not shown.is_waiting:
        return []
    return [(one, reverse(PAGES[one.kind], args=(one.uid,))) for one in forgetting.in_the_way(shown.person)]


@desk_screen("follow_rights")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_right(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Write down what somebody asks by telephone, at the counter or by letter."""
    shown, wanted = access.person_of(request.user, uid), BY_SLUG.get(slug)
    if wanted is None:
        raise Http404
    form = AskRightForm(request.POST if request.method == "POST" else None, kind=wanted.kind)
    if form.is_valid():
        try:
            asked = rights.ask(person=shown, kind=wanted.kind, by_account=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "C’est noté.")
            return redirect("desk:right", uid=asked.uid)
    if request.method != "POST":
        note_reading(shown, screen=SeenOn.RIGHTS, by_account=request.user)
    context = {"shown": shown, "right": wanted, "form": form, "due_on": rights.due_date(timezone.localdate())}
    return show(request, "aid/desk/ask_right.html", context, section="people")


@dataclass(frozen=True)
class RightGesture:
    """A step that an agent takes, on a page that asks « are you sure? »."""

    slug: str
    step: RightStep
    label: str
    question: str
    warning: str
    form: type[RightGestureForm]
    act: Callable[[RightGestureForm, Account], str]
    kinds: tuple[RightKind, ...] = tuple(RightKind)
    tone: str = ""

    def fits(self, shown: RightsRequest) -> bool:
        """Whether this step may be taken there."""
        return shown.person_id is not None and shown.state in self.step.sources and shown.kind in self.kinds


def _take(form: RightGestureForm, account: Account) -> str:
    rights.take_in_hand(form.request, by_account=account)
    return "C’est noté : vous vous en occupez."


def _finish(form: RightGestureForm, account: Account) -> str:
    rights.finish(form.request, by_account=account, answer=form.cleaned_data.get("answer", ""))
    return "C’est fait. La personne est prévenue, ou elle est à appeler."


def _forget(form: RightGestureForm, account: Account) -> str:
    rights.forget(form.request, by_account=account, was_told=form.cleaned_data["told"] != WRITTEN)
    return FORGOTTEN


def _refuse(form: RightGestureForm, account: Account) -> str:
    rights.refuse(form.request, by_account=account, answer=form.cleaned_data["answer"])
    return "C’est refusé. La personne est prévenue, ou elle est à appeler."


def _withdraw(form: RightGestureForm, account: Account) -> str:
    rights.withdraw(form.request, by_account=account)
    return "C’est noté : cette personne a changé d’avis."


def _lift(form: RightGestureForm, account: Account) -> str:
    rights.lift(form.request, by_account=account)
    return "C’est noté : on peut de nouveau lui proposer quelque chose."


GESTURES = {
    one.slug: one
    for one in (
        RightGesture(
            slug="prendre",
            step=TAKE,
            label="Je m’en occupe",
            question="Vous en occuper ?",
            warning="Vos collègues verront que c’est vous.",
            form=RightGestureForm,
            act=_take,
        ),
        RightGesture(
            slug="faire",
            step=DO,
            label="C’est fait",
            question="C’est fait ?",
            warning="La personne en sera prévenue.",
            form=DoneForm,
            act=_finish,
            kinds=(RightKind.CORRECT, RightKind.OBJECT),
        ),
        RightGesture(
            slug="oublier",
            step=DO,
            label="Oublier cette personne",
            question="Oublier cette personne ?",
            warning="Cela ne peut pas être défait, même par nous.",
            form=ForgetForm,
            act=_forget,
            kinds=(RightKind.FORGET,),
            tone="danger",
        ),
        RightGesture(
            slug="refuser",
            step=REFUSE,
            label="Refuser",
            question="Refuser cette demande ?",
            warning="On ne refuse que si la loi oblige à garder. La personne lira votre raison.",
            form=RefuseForm,
            act=_refuse,
            tone="danger",
        ),
        RightGesture(
            slug="retirer",
            step=WITHDRAW,
            label="La personne change d’avis",
            question="Retirer cette demande ?",
            warning="Faites-le seulement si la personne vous le dit elle-même.",
            form=RightGestureForm,
            act=_withdraw,
        ),
        RightGesture(
            slug="lever",
            step=LIFT,
            label="La contacter de nouveau",
            question="Contacter de nouveau cette personne ?",
            warning="Faites-le seulement si la personne vous le dit elle-même.",
            form=RightGestureForm,
            act=_lift,
            kinds=(RightKind.OBJECT,),
        ),
    )
}


@desk_screen("follow_rights")
@require_http_methods(["GET", "HEAD", "POST"])
def right_gesture(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Ask « are you sure? », then do it. Too late, or while something stands in the way, nothing changes."""
    shown, gesture = access.right_of(request.user, uid), GESTURES.get(slug)
    if gesture is None or shown.kind not in gesture.kinds:
        raise Http404
    back = redirect("desk:right", uid=uid)
    if not gesture.fits(shown):
        messages.warning(request, f"Rien n’a changé : cette demande est {shown.get_state_display()}.")
        return back
    if slug == "oublier" and _obstacles(shown):
        messages.warning(request, STILL)
        return back
    form = gesture.form(request.POST if request.method == "POST" else None, request=shown)
    if form.is_valid():
        try:
            messages.success(request, gesture.act(form, request.user))
        except rights.NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
        except StandsInTheWayError:
            messages.warning(request, STILL)
        return back
    context = {"shown": shown, "gesture": gesture, "form": form}
    if slug == "oublier":
        fates = forgetting.fates()
        context |= {"goes": [one for one in fates if one.goes], "stays": [one for one in fates if not one.goes]}
    return show(request, "aid/desk/right_gesture.html", context, section="rights")


@desk_screen("follow_rights")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_consent(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """Take back the agreement of who phones, once confirmed: what is open of theirs is cancelled."""
    shown = access.person_of(request.user, uid)
    given = next((one for one in consents.standing(shown) if one.kind == kind and one.last.is_given), None)
    if given is None:
        raise Http404
    form = HowForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            consents.withdraw(shown, kind=ConsentKind(kind), by_account=request.user, **form.cleaned_data)
        except consents.NotGivenError:
            messages.warning(request, "Rien n’a changé : cet accord est déjà retiré.")
        else:
            messages.success(request, "C’est noté : son accord est retiré.")
        return redirect("desk:person_known", uid=uid)
    return show(
        request, "aid/desk/withdraw_consent.html", {"shown": shown, "given": given, "form": form}, section="people"
    )


def of_person(shown: Person) -> list[RightsRequest]:
    """What somebody asked of what is known of them, the last first."""
    return list(shown.rights_requests.order_by("-pk"))


def titles() -> list[tuple[str, str]]:
    """What an agent may write down for somebody: (slug, label)."""
    return [(one.slug, one.desk_title) for one in BY_KIND.values()]
