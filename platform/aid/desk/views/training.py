"""A training session, noted at once for all who came."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from aid.desk import services, volunteer_lists
from aid.desk.forms.people import SearchForm
from aid.desk.forms.training import TrainingForm
from aid.desk.views.entry import SEARCH, add_errors, search_from, typed
from aid.desk.views.frame import desk_screen, show
from aid.onboarding.enums import StepKind
from aid.onboarding.models import Step
from aid.people.models import Person


@desk_screen("follow_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def training(request: HttpRequest) -> HttpResponse:
    """Who is expected or still lacks a training is listed; others are looked for, and what was ticked stays ticked."""
    steps = list(Step.objects.asked().filter(kind=StepKind.TRAINING))
    if not steps:
        return show(request, "aid/desk/no_training.html", {}, section="volunteers")
    search, found = search_from(request) if SEARCH in request.POST else (SearchForm(), None)
    ticked = _uids(request.POST.getlist("came"))
    volunteers = volunteer_lists.expected(request.user, steps, ticked=ticked, found=found or [])
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
        "is_full": len(form.volunteers) >= volunteer_lists.MOST_EXPECTED,
    }
    return show(request, "aid/desk/training.html", context, section="volunteers")


def _uids(typed_in: list[str]) -> list[UUID]:
    """Those of them that are one; what is not is refused by the form."""
    found = []
    for text in typed_in:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
