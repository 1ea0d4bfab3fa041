"""A volunteer's own page: what is left to do, the charter to sign, what they offer, when they are away, stopping."""

import contextlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.offers import agreeing
from aid.offers.forms import AbsenceForm, OfferForm
from aid.offers.services import absences_of, come_back, go_away, keep, offered_by
from aid.offers.texts import offer_lines
from aid.onboarding.enums import RESUME, AppointmentState, How, VolunteerState
from aid.onboarding.models import Appointment, Volunteer
from aid.onboarding.passing import CharterChangedError, current_charter, sign
from aid.onboarding.place import NotAllowedError
from aid.onboarding.progress import was_refused
from aid.onboarding.services import take
from aid.personal import way
from aid.personal.forms import StoppingForm
from aid.personal.views.frame import Here, personal_page
from core.calendar_files import calendar_answer, event

HELPING = (VolunteerState.CANDIDATE, VolunteerState.ADMITTED, VolunteerState.ON_LEAVE)
CHANGED = "La charte a changé pendant que vous la lisiez : relisez-la, puis signez."
WHENEVER = "nous vous demandons à chaque fois"
USUAL_MINUTES = 60
View = Callable[..., HttpResponse]


def volunteers_page(view: View) -> View:
    """A page of who helps, or would like to: for others it does not exist, nor for who is suspended or has left."""

    @wraps(view)
    def guarded(request: HttpRequest, here: Here, *args: object, **kwargs: object) -> HttpResponse:
        volunteer = _volunteer(here)
        if volunteer is None or volunteer.state not in HELPING:
            raise Http404
        return view(request, volunteer, *args, **kwargs)

    return personal_page(guarded)


@personal_page
@require_safe
def volunteering(request: HttpRequest, here: Here) -> HttpResponse:
    """Where they stand, step by step. Who never volunteered is led to the application."""
    volunteer = _volunteer(here)
    if volunteer is None:
        return redirect("offers:apply")
    helps = volunteer.state in HELPING
    context = {"volunteer": volunteer, "helps": helps, "was_refused": not helps and was_refused(volunteer)}
    if helps:
        steps = way.steps_of(volunteer)
        context |= {
            "steps": steps,
            "lacks": [step.name for step in steps if step.is_blocking],
            "offer": offer_lines(offered_by(volunteer), whenever=WHENEVER),
            "absences": absences_of(volunteer),
        }
    return render(request, "aid/personal/volunteering.html", context)


@volunteers_page
@require_http_methods(["GET", "HEAD", "POST"])
def charter(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """The charter to read whole, and to sign: what is signed is what was read, or it is read again."""
    known, changed = current_charter(), False
    if known is None:
        raise Http404
    if request.method == "POST":
        number = request.POST.get("number", "")
        try:
            sign(
                volunteer=volunteer,
                charter_number=int(number) if number.isascii() and number.isdigit() else 0,
                digest=request.POST.get("digest", ""),
                how=How.ON_SCREEN,
            )
        except CharterChangedError:
            known, changed = current_charter(), True
        except ValidationError:
            raise Http404 from None
        else:
            messages.success(request, "Merci, votre signature est notée.")
            return redirect("personal:volunteering")
    context = {"charter": known, "changed": CHANGED if changed else "", "signature": way.signature_of(volunteer, known)}
    status = HTTPStatus.CONFLICT if changed else HTTPStatus.OK
    return render(request, "aid/personal/charter.html", context, status=status)


@volunteers_page
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """What they offer: all of it, on a page."""
    form = OfferForm.of(volunteer, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            keep(volunteer, form.offered())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, "C’est noté : nous vous proposerons ce que vous avez choisi.")
            return redirect("personal:volunteering")
    return _show(request, "aid/personal/offer.html", {"form": form})


@volunteers_page
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """When they are away: nothing is asked of them for these days."""
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            go_away(volunteer, starts_on=form.cleaned_data["starts_on"], ends_on=form.cleaned_data["ends_on"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "C’est noté : nous ne vous demanderons rien ces jours-là.")
            return redirect("personal:absences")
    return _show(request, "aid/personal/absences.html", {"form": form, "absences": absences_of(volunteer)})


@volunteers_page
@require_POST
def forget_absence(request: HttpRequest, volunteer: Volunteer, uid: UUID) -> HttpResponse:
    """They are there after all. Twice is once."""
    come_back(volunteer, uid)
    messages.success(request, "C’est retiré : nous pouvons de nouveau vous demander.")
    return redirect("personal:absences")


@volunteers_page
@require_POST
def resume(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """Come back from a pause. Where there is none any more, nothing changes."""
    with contextlib.suppress(NotAllowedError):
        take(volunteer, RESUME)
        messages.success(request, "Content de vous revoir ! Nous vous écrirons pour une prochaine demande.")
    return redirect("personal:volunteering")


@volunteers_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """Ask once, then see them off with thanks."""
    form = StoppingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        agreeing.stop(volunteer, words=form.cleaned_data["words"])
        return redirect("personal:volunteering")
    return _show(request, "aid/personal/stop_volunteering.html", {"form": form, "volunteer": volunteer})


@volunteers_page
@require_safe
def appointment(request: HttpRequest, volunteer: Volunteer, uid: UUID) -> HttpResponse:
    """A meeting, for their own calendar: at the town's place, never at anybody's home."""
    planned = Appointment.objects.select_related("step").filter(state=AppointmentState.PLANNED, volunteer=volunteer)
    meeting = get_object_or_404(planned, uid=uid)
    file = event(
        uid=str(meeting.uid), at=meeting.at, minutes=USUAL_MINUTES, title=meeting.step.name, place=meeting.place
    )
    return calendar_answer(file, name="rendez-vous")


def _volunteer(here: Here) -> Volunteer | None:
    return Volunteer.objects.select_related("person__commune__commune").filter(person=here.person).first()


def _show(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context["form"].errors else HTTPStatus.OK
    return render(request, template, context, status=status)
