"""Decisions on a volunteer's place: admit, turn down, pause, suspend, have back, see off."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from aid.desk import access, as_seen
from aid.desk.forms.people import AssociationForm
from aid.desk.forms.steps import DecisionForm
from aid.desk.texts import DECISIONS
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.onboarding import associations
from aid.onboarding import services as onboarding
from aid.onboarding.enums import MOVES, VolunteerState
from aid.onboarding.models import Volunteer, lacking
from aid.onboarding.place import NotAllowedError
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

ADMIT = "admettre"


@dataclass(frozen=True)
class Decision:
    """One that is open where somebody stands: its address, its button, whether it asks why."""

    slug: str
    label: str
    needs_words: bool


def open_decisions(volunteer: Volunteer) -> list[Decision]:
    """What may be decided of somebody where they stand."""
    moves = [
        Decision(move.name, move.label, move.needs_words) for move in MOVES.values() if volunteer.state in move.sources
    ]
    if volunteer.state in {VolunteerState.CANDIDATE, VolunteerState.LEFT}:
        missing = lacks(volunteer)
        moves.insert(0, Decision(ADMIT, "Admettre quand même" if missing else "Admettre", bool(missing)))
    return moves


def lacks(volunteer: Volunteer) -> list[str]:
    """The names of the steps without which nobody is admitted, that they lack."""
    return list(lacking(volunteer.pk, is_admitting=True).values_list("name", flat=True))


@desk_screen("admit_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Ask « are you sure? », and why; then do it. Who comes second reads what a colleague decided meanwhile."""
    if slug != ADMIT and slug not in MOVES:
        raise Http404
    volunteer = access.living_volunteer_of(request.user, uid)
    told = ""
    if request.method == "POST":
        try:
            volunteer = as_seen.hold_place(volunteer, seen=request.POST.get("vu", ""))
        except as_seen.ChangedMeanwhileError as changed:
            told = str(changed)
            volunteer.refresh_from_db()
    decision = next((one for one in open_decisions(volunteer) if one.slug == slug), None)
    if decision is None:
        messages.warning(request, f"Rien n’a changé. {told or as_seen.place(volunteer)}")
        return redirect("desk:volunteer_steps", uid=uid)
    form = DecisionForm(request.POST if request.method == "POST" else None, needs_words=decision.needs_words)
    if form.is_valid() and not told:
        try:
            with transaction.atomic():
                said = _do(volunteer, decision, form.cleaned_data["words"], request)
        except (ValidationError, NotAllowedError) as error:
            add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
        else:
            messages.success(request, said)
            return redirect("desk:volunteer_steps", uid=uid)
    if request.method != "POST":
        note_reading(volunteer.person, screen=SeenOn.STEPS, by_account=request.user)
    context = {
        "volunteer": volunteer,
        "shown": volunteer.person,
        "decision": decision,
        "words": DECISIONS[slug],
        "missing": lacks(volunteer) if slug == ADMIT else [],
        "form": form,
        "told": told,
        "mark": as_seen.place_mark(volunteer),
        "back": reverse("desk:volunteer_steps", args=(uid,)),
    }
    return show(request, "aid/desk/volunteer_decision.html", context, section="volunteers")


def _do(volunteer: Volunteer, decision: Decision, words: str, request: HttpRequest) -> str:
    if decision.slug == ADMIT:
        onboarding.admit(person=volunteer.person, despite=words, by_account=request.user)
        return "C’est noté : ce bénévole est admis. Les demandes lui seront proposées."
    moved = onboarding.take(volunteer, MOVES[decision.slug], by_account=request.user, words=words)
    return f"C’est noté : ce bénévole est {moved.get_state_display()}."


@desk_screen("admit_volunteers")
@require_POST
def move_volunteer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """From the card, what asks for no word: pause, have back. The rest leads to a page that asks why."""
    volunteer = access.volunteer_of(request.user, uid)
    move = MOVES.get(request.POST.get("geste", ""))
    if move is None:
        raise Http404
    if move.needs_words and volunteer.state in move.sources:
        return redirect("desk:volunteer_decision", uid=uid, slug=move.name)
    try:
        moved = onboarding.take(volunteer, move, by_account=request.user)
    except NotAllowedError as error:
        messages.warning(request, f"Rien n’a changé. {error}")
    else:
        messages.success(request, f"C’est noté : ce bénévole est {moved.get_state_display()}.")
    return redirect("desk:person", uid=uid)


@desk_screen("admit_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def association(request: HttpRequest, uid: UUID) -> HttpResponse:
    """For which association a volunteer comes."""
    volunteer = access.living_volunteer_of(request.user, uid)
    form = AssociationForm(request.POST or None, initial={"association": volunteer.speaks_for_id})
    if form.is_valid():
        associations.speak_for(volunteer, form.cleaned_data["association"], by_account=request.user)
        messages.success(request, "C’est noté.")
        return redirect("desk:volunteer_steps", uid=uid)
    if request.method != "POST":
        note_reading(volunteer.person, screen=SeenOn.STEPS, by_account=request.user)
    context = {"shown": volunteer.person, "form": form, "back": reverse("desk:volunteer_steps", args=(uid,))}
    return show(request, "aid/desk/association.html", context, section="volunteers")
