"""A training session, noted at once for all who came."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Account
from aid.desk import access, services
from aid.desk.forms.people import SearchForm
from aid.desk.forms.training import TrainingForm
from aid.desk.views.entry import SEARCH, add_errors, search_from, typed
from aid.desk.views.frame import desk_screen, show
from aid.onboarding.enums import AppointmentState, StepKind, VolunteerState
from aid.onboarding.models import Appointment, Step, StepRecord, Volunteer
from aid.people.models import Person

# Beyond, a name is looked for.
MOST_SHOWN = 60


@desk_screen("follow_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def training(request: HttpRequest) -> HttpResponse:
    """Who is expected or still lacks a training is listed; others are looked for, and what was ticked stays ticked."""
    steps = list(Step.objects.asked().filter(kind=StepKind.TRAINING))
    if not steps:
        return show(request, "aid/desk/no_training.html", {}, section="volunteers")
    search, found = search_from(request) if SEARCH in request.POST else (SearchForm(), None)
    volunteers = _shown(request.user, steps, ticked=request.POST.getlist("came"), found=found or [])
    if SEARCH in request.POST or request.method != "POST":
        initial = {"on": timezone.localdate()} | typed(request) | {"came": request.POST.getlist("came")}
        form = TrainingForm(initial=initial, steps=steps, volunteers=volunteers)
        return _draw(request, form, search, found)
    form = TrainingForm(request.POST, steps=steps, volunteers=volunteers)
    if form.is_valid():
        try:
            with transaction.atomic():
                count = services.note_training(by_account=request.user, **form.what())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"La séance est notée pour {count} bénévole{'s' if count > 1 else ''}.")
            return redirect("desk:volunteers")
    return _draw(request, form, search, found)


def _draw(request: HttpRequest, form: TrainingForm, search: SearchForm, found: list[Person] | None) -> HttpResponse:
    helping = {one.person_id for one in form.volunteers.values()}
    context = {
        "form": form,
        "search": search,
        "found_nobody": found is not None and not any(person.pk in helping for person in found),
        "is_full": len(form.volunteers) >= MOST_SHOWN,
    }
    return show(request, "aid/desk/training.html", context, section="volunteers")


def _shown(account: Account, steps: list[Step], *, ticked: list[str], found: list[Person]) -> list[Volunteer]:
    """Those who are expected, those who lack a training, those who were ticked or looked for: by name."""
    theirs = access.volunteers_for(account).exclude(state=VolunteerState.LEFT).select_related("person")
    expected = Appointment.objects.filter(volunteer=OuterRef("pk"), step__in=steps, state=AppointmentState.PLANNED)
    lacking = Q()
    for step in steps:
        lacking |= ~Q(Exists(StepRecord.objects.holding().filter(volunteer=OuterRef("pk"), step=step)))
    waiting = Q(Exists(expected)) | (Q(state=VolunteerState.CANDIDATE) & lacking)
    by_name = ("person__search_name", "pk")
    shown = list(theirs.filter(waiting).order_by(*by_name)[:MOST_SHOWN])
    wanted = Q(person__uid__in=_uids(ticked)) | Q(person__in=[person.pk for person in found])
    also = theirs.filter(wanted).exclude(pk__in=[one.pk for one in shown])
    return sorted([*shown, *also], key=lambda one: (one.person.search_name, one.pk))


def _uids(typed_in: list[str]) -> list[UUID]:
    """Those of them that are one; what is not is refused by the form."""
    found = []
    for text in typed_in:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
