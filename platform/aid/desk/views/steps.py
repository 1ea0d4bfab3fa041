"""A volunteer's steps: where each stands, and what an agent does about it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.abilities import get_abilities
from aid.desk import access, as_seen
from aid.desk.step_gestures import GESTURES, StepGesture, gestures_for, is_for_others
from aid.desk.views.decisions import open_decisions
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import attached, desk_screen, show
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer, lacking
from aid.onboarding.passing import CharterChangedError
from aid.onboarding.place import NotAllowedError
from aid.onboarding.progress import StepProgress, progress_of
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

MOST_MOVES = 50
CHARTER_CHANGED = (
    "La charte a changé entre-temps : la feuille signée n’est plus la bonne. Imprimez la version d’aujourd’hui."
)


@desk_screen("open_desk")
@require_safe
def volunteer_steps(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Each step: where it stands, until when, by whom; what may be done; then the history of their place."""
    volunteer = access.volunteer_of(request.user, uid)
    note_reading(volunteer.person, screen=SeenOn.STEPS, by_account=request.user)
    lines = progress_of(volunteer)
    context = {
        "volunteer": volunteer,
        "shown": volunteer.person,
        "lines": [(line, gestures_for(line, request.user), is_for_others(line.step, request.user)) for line in lines],
        "missing": _missing(volunteer),
        "decisions": open_decisions(volunteer),
        "moves": access.moves_of(volunteer)[:MOST_MOVES],
    }
    return show(request, "aid/desk/volunteer_steps.html", context, section="volunteers")


def _missing(volunteer: Volunteer) -> list[str]:
    """The names of what they lack to be asked, now or once admitted."""
    if volunteer.state == VolunteerState.LEFT:
        return []
    is_admitting = volunteer.state == VolunteerState.CANDIDATE
    return list(lacking(volunteer.pk, is_admitting=is_admitting).values_list("name", flat=True))


@desk_screen("follow_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def step_gesture(request: HttpRequest, uid: UUID, step: UUID, slug: str) -> HttpResponse:
    """Ask what it needs, then do it. Who comes second reads what was done meanwhile; what they typed stays."""
    volunteer = access.living_volunteer_of(request.user, uid)
    line, gesture = _wanted(volunteer, step, slug)
    if request.method != "POST":
        if not gesture.is_open(line):
            messages.warning(request, f"Rien n’a changé. {as_seen.standing(line)}")
            return redirect("desk:volunteer_steps", uid=uid)
        note_reading(volunteer.person, screen=SeenOn.STEPS, by_account=request.user)
        return _draw(request, volunteer, line, gesture, form=None)
    told = ""
    try:
        line = as_seen.hold_step(volunteer, line.step.pk, seen=request.POST.get("vu", ""))
    except as_seen.ChangedMeanwhileError as changed:
        line, told = as_seen.line_of(volunteer, line.step.pk), str(changed)
    form = _form(request, volunteer, line, gesture)
    if form.is_valid() and not told:
        try:
            with transaction.atomic():
                said = gesture.act(form)
        except ValidationError as error:
            add_errors(form, error)
        except NotAllowedError as error:
            told = str(error)
        except CharterChangedError:
            told = CHARTER_CHANGED
        else:
            messages.success(request, said)
            return redirect("desk:volunteer_steps", uid=uid)
    return _draw(request, volunteer, line, gesture, form=form, told=told)


def _wanted(volunteer: Volunteer, step: UUID, slug: str) -> tuple[StepProgress, StepGesture]:
    line = next((line for line in progress_of(volunteer) if line.step.uid == step), None)
    gesture = GESTURES.get(slug)
    if line is None or gesture is None or not gesture.suits(line.step):
        raise Http404
    return line, gesture


def _form(request: HttpRequest, volunteer: Volunteer, line: StepProgress, gesture: StepGesture) -> object:
    may_keep_proof = get_abilities(request.user)["read_proofs"]
    more = {"may_keep_proof": may_keep_proof} if gesture.asks_proof else {}
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    return gesture.form(*given, volunteer=volunteer, line=line, by_account=request.user, **more)


def _draw(
    request: HttpRequest,
    volunteer: Volunteer,
    line: StepProgress,
    gesture: StepGesture,
    *,
    form: object | None,
    told: str = "",
) -> HttpResponse:
    context = {
        "volunteer": volunteer,
        "shown": volunteer.person,
        "line": line,
        "gesture": gesture,
        "form": form or _form(request, volunteer, line, gesture),
        "told": told,
        "mark": as_seen.step_mark(line),
        "is_open": gesture.is_open(line),
        "back": reverse("desk:volunteer_steps", args=(volunteer.person.uid,)),
    }
    return show(request, "aid/desk/step_gesture.html", context, section="volunteers")


@desk_screen("read_proofs")
@require_safe
def proof(request: HttpRequest, uid: UUID, record: UUID) -> HttpResponse:
    """A document that is kept: to save, never shown by the browser, and each reading is noted."""
    found = access.proof_of(request.user, uid, record)
    try:
        with found.proof_file.open() as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    note_reading(found.volunteer.person, screen=SeenOn.PROOF, by_account=request.user)
    ending = found.proof_file.name.rpartition(".")[2]
    return attached(content, name=f"document.{ending}", content_type="application/octet-stream")
