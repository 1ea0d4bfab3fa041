"""Worries: the list, one from told to answered, one noted for somebody who phones, and who is on duty."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from aid.desk import access, lists
from aid.desk.forms.worries import CloseWorryForm, DutyForm, NoteWorryForm, WorryGestureForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import counted, desk_screen, page_of, query_without_page, show, taken_from
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from aid.proposals.access import came_lately
from aid.worries import duty, services
from aid.worries.enums import Grade, WorryAnswer
from aid.worries.models import Worry, WorryStep
from core.sealing import SealError

CLOSED = "closes"
NOT_KEPT = "Ces mots n’ont pas pu être gardés : la clé qui les protège manque. Prévenez Palier."
SECTION = "worries"


@desk_screen("follow_worries")
@require_safe
def worries(request: HttpRequest) -> HttpResponse:
    """Those without an answer, the most urgent first; or the answered ones, the last first; of everybody, or of one."""
    is_closed = request.GET.get("etat") == CLOSED
    about = _about(request)
    page = page_of(request, lists.worries(request.user, is_closed=is_closed, about=about))
    if about is not None:
        note_reading(about, screen=SeenOn.FOLLOWUP, by_account=request.user)
    context = {
        "page": page,
        "caption": counted(page, "inquiétude"),
        "query": query_without_page(request),
        "states": [(CLOSED, "Avec une réponse")],
        "chosen": CLOSED if is_closed else "",
        "about": about,
    }
    return show(request, "aid/desk/worries.html", context, section=SECTION)


def _about(request: HttpRequest) -> Person | None:
    """Of whom alone they are asked for. Raises Http404 for nobody whom this account may see."""
    try:
        wanted = UUID(request.GET.get("personne", ""))
    except ValueError:
        return None
    return access.person_of(request.user, wanted)


@dataclass(frozen=True)
class Line:
    """One step as it is read; `is_lost` where its words could not be opened."""

    step: WorryStep
    words: str
    is_lost: bool = False


@dataclass
class Screen:
    """The forms of the page of a worry."""

    gesture: forms.Form = field(default_factory=WorryGestureForm)
    close: forms.Form = field(default_factory=CloseWorryForm)


@desk_screen("follow_worries")
@require_http_methods(["GET", "HEAD", "POST"])
def worry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was said, what was done, and the answer."""
    shown, screen = access.worry_of(request.user, uid), Screen()
    if request.method == "POST":
        act = GESTURES.get(request.POST.get("geste", ""))
        try:
            done = act(request, shown, screen) if act else ""
        except services.NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
            return redirect("desk:worry", uid=uid)
        if done:
            messages.success(request, done)
            return redirect("desk:worry", uid=uid)
    if shown.person is not None:
        note_reading(shown.person, screen=SeenOn.FOLLOWUP, by_account=request.user)
    errors = [form for form in (screen.gesture, screen.close) if form.errors]
    context = {
        "shown": shown,
        "is_mine": shown.taken_by == request.user,
        "lines": [_line(step) for step in services.steps_of(shown)],
        "gesture_form": screen.gesture,
        "close_form": screen.close,
        "form": errors[0] if errors else screen.gesture,
    }
    return show(request, "aid/desk/worry.html", context, section=SECTION)


def _line(step: WorryStep) -> Line:
    said = getattr(step, "said", None)
    try:
        return Line(step, said.get_sealed_display() if said else "")
    except SealError:
        return Line(step, "", is_lost=True)


def _take(request: HttpRequest, shown: Worry, screen: Screen) -> str:
    services.take(shown, by_account=request.user, from_account=taken_from(request, shown.taken_by))
    return "C’est noté : vous vous en occupez. Qui l’a dite lit « pris en charge »."


def _note(request: HttpRequest, shown: Worry, screen: Screen) -> str:
    screen.gesture = WorryGestureForm(request.POST)
    if not screen.gesture.is_valid():
        return ""
    try:
        services.note_gesture(shown, words=screen.gesture.cleaned_data["words"], by_account=request.user)
    except SealError:
        screen.gesture.add_error("words", NOT_KEPT)
        return ""
    return "C’est gardé."


def _close(request: HttpRequest, shown: Worry, screen: Screen) -> str:
    screen.close = CloseWorryForm(request.POST)
    if not screen.close.is_valid():
        return ""
    answer, words = WorryAnswer(screen.close.cleaned_data["answer"]), screen.close.cleaned_data["closing"]
    try:
        services.close(shown, answer=answer, words=words, by_account=request.user)
    except SealError:
        screen.close.add_error("closing", NOT_KEPT)
        return ""
    return "C’est noté : cette inquiétude a une réponse."


GESTURES: dict[str, Callable[[HttpRequest, Worry, Screen], str]] = {
    "prendre": _take,
    "noter": _note,
    "clore": _close,
}


@desk_screen("follow_worries")
@require_http_methods(["GET", "HEAD", "POST"])
def new_worry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One that a volunteer, or anybody, tells an agent."""
    shown = access.person_of(request.user, uid)
    if shown.deceased_on is not None:
        raise access.DeceasedError(shown)
    form = NoteWorryForm(request.POST if request.method == "POST" else None, helpers=came_lately(shown))
    if form.is_valid():
        known = form.cleaned_data
        try:
            told = services.tell(
                person=shown,
                grade=Grade(known["grade"]),
                words=known["words"],
                form_uid=known["form_uid"],
                noted_by=request.user,
                **form.who(),
            )
        except services.LimitReachedError as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            add_errors(form, error)
        except SealError:
            form.add_error("words", NOT_KEPT)
        else:
            messages.success(request, "L’inquiétude est notée.")
            return redirect("desk:worry", uid=told.uid)
    note_reading(shown, screen=SeenOn.FOLLOWUP, by_account=request.user)
    return show(request, "aid/desk/new_worry.html", {"shown": shown, "form": form}, section=SECTION)


@desk_screen("set_worry_duty")
@require_http_methods(["GET", "HEAD", "POST"])
def worry_duty(request: HttpRequest) -> HttpResponse:
    """Who is given the worries of each sector, and those of everywhere else."""
    form = DutyForm(
        request.POST if request.method == "POST" else None,
        places=duty.candidates_everywhere(),
        chosen=duty.on_duty(),
    )
    if form.is_valid():
        duty.set_duty(form.duties())
        messages.success(request, "C’est enregistré.")
        return redirect("desk:worry_duty")
    return show(request, "aid/desk/worry_duty.html", {"form": form}, section=SECTION)
