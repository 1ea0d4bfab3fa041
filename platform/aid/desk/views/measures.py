"""Measures about somebody: all of theirs, taking one, lifting one, their appeal."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from aid.desk import access
from aid.desk.forms.moderation import AnswerForm, AppealForm, MeasureForm, MeasureGestureForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.moderation import sanctions, texts
from aid.moderation.enums import AppealState, Via
from aid.moderation.models import Case, Sanction

TEXT = "texte"


@desk_screen("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def person_measures(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All measures about somebody, and their texts that were read; a POST takes a measure."""
    shown = access.person_of(request.user, uid)
    cases = access.cases_for(request.user).filter(author=shown)
    form = MeasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        about = _about(cases, request.GET.get(TEXT, ""))
        try:
            taken = sanctions.take(person=shown, by_account=request.user, case=about, **form.measure())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est noté. La personne est prévenue, ou elle est à appeler.")
            return redirect("desk:measure", uid=taken.uid)
    context = {
        "shown": shown,
        "form": form,
        "measures": sanctions.of(shown),
        "cases": list(cases.with_list_related_data().order_by("-pk")[:20]),
    }
    return show(request, "aid/desk/person_measures.html", context, section="people")


def _about(cases: object, uid: str) -> Case | None:
    """The text that a measure follows from, as the address says."""
    try:
        return cases.filter(uid=UUID(uid)).first()
    except ValueError:
        return None


@desk_screen("moderate")
@require_safe
def measure(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One measure: what, why, until when; the appeal, and what may be done."""
    shown = access.sanction_of(request.user, uid)
    context = {
        "shown": shown,
        "plain": texts.in_plain_words(shown),
        "gestures": [one for one in GESTURES.values() if one.fits(shown, request.user)],
        "is_mine": shown.by_account_id == request.user.pk,
    }
    return show(request, "aid/desk/measure.html", context, section="moderation")


@dataclass(frozen=True)
class MeasureGesture:
    """A step that an agent takes on a measure, on a page that asks « are you sure? »."""

    slug: str
    label: str
    question: str
    warning: str
    form: type[MeasureGestureForm]
    act: Callable[[MeasureGestureForm, Account], str]
    fits: Callable[[Sanction, Account], bool]


def _lift(form: MeasureGestureForm, account: Account) -> str:
    sanctions.lift(form.sanction, by_account=account)
    return "C’est levé. La personne est prévenue, ou elle est à appeler."


def _appeal(form: MeasureGestureForm, account: Account) -> str:
    said = form.cleaned_data
    sanctions.appeal(form.sanction, words=said["words"], via=Via(said["via"]), entered_by=account)
    return "C’est noté : quelqu’un d’autre que qui a décidé lui répondra."


def _answer(form: MeasureGestureForm, account: Account) -> str:
    said = form.cleaned_data
    sanctions.answer(form.sanction, is_lifted=said["is_lifted"] == "oui", words=said["words"], by_account=account)
    return "C’est répondu. La personne est prévenue, ou elle est à appeler."


def _may_be_lifted(shown: Sanction, account: Account) -> bool:
    waits = shown.appeal_state == AppealState.WAITING
    return shown.stands and not waits and sanctions.may_lift(shown, account)


def _may_be_answered(shown: Sanction, account: Account) -> bool:
    return shown.appeal_state == AppealState.WAITING and shown.by_account_id != account.pk


GESTURES = {
    one.slug: one
    for one in (
        MeasureGesture(
            slug="repondre",
            label="Répondre au recours",
            question="Que répondre à cette personne ?",
            warning="C’est la dernière réponse : il n’y a qu’un recours. Écoutez-la d’abord, si vous le pouvez.",
            form=AnswerForm,
            act=_answer,
            fits=_may_be_answered,
        ),
        MeasureGesture(
            slug="recours",
            label="Noter un recours",
            question="Que répond cette personne ?",
            warning="On ne conteste une mesure qu’une fois. Quelqu’un d’autre que qui a décidé l’examine.",
            form=AppealForm,
            act=_appeal,
            fits=lambda shown, account: shown.may_be_appealed,
        ),
        MeasureGesture(
            slug="lever",
            label="Lever la mesure",
            question="Lever cette mesure ?",
            warning="La personne en sera prévenue.",
            form=MeasureGestureForm,
            act=_lift,
            fits=_may_be_lifted,
        ),
    )
}


@desk_screen("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def measure_gesture(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Ask, then do; too late, or by who may not, nothing changes."""
    shown, gesture = access.sanction_of(request.user, uid), GESTURES.get(slug)
    if gesture is None:
        raise Http404
    back = redirect("desk:measure", uid=uid)
    if request.method != "POST" and not gesture.fits(shown, request.user):
        messages.warning(request, "Rien n’a changé : ce geste n’est pas possible ici.")
        return back
    form = gesture.form(request.POST if request.method == "POST" else None, sanction=shown)
    if form.is_valid():
        try:
            messages.success(request, gesture.act(form, request.user))
        except sanctions.NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
        return back
    context = {"shown": shown, "gesture": gesture, "form": form}
    return show(request, "aid/desk/measure_gesture.html", context, section="moderation")
