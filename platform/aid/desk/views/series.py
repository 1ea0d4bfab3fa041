"""The page of a need that comes again, and the gestures on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from aid.desk import access
from aid.desk.forms.series import AmendSeriesForm, EndSeriesForm, SeriesForm, SkipDayForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.help_requests import series as recurring
from aid.help_requests.enums import Reason, SeriesState
from aid.help_requests.series_changes import amend
from aid.help_requests.transitions import NotAllowedError
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

STANDING = (SeriesState.TO_CHECK, SeriesState.RUNNING, SeriesState.PAUSED)


@desk_screen("open_desk")
@require_safe
def series_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What comes again, when, who goes, and the days to come."""
    shown = access.series_of(request.user, uid)
    note_reading(shown.person, screen=SeenOn.REQUEST, by_account=request.user)
    volunteer = shown.volunteer
    context = {
        "shown": shown,
        "occurrences": recurring.occurrences(shown),
        "openable": access.openable(request.user, [volunteer.person] if volunteer else []),
        "gestures": [one for one in GESTURES.values() if shown.state in one.states],
    }
    return show(request, "aid/desk/series.html", context, section="requests")


@dataclass(frozen=True)
class Gesture:
    """What an agent does about a series, on a page that asks « are you sure? »."""

    slug: str
    states: tuple[SeriesState, ...]
    label: str
    question: str
    warning: str
    form: type[SeriesForm]
    act: Callable[[Any, Account], object]
    told: str
    tone: str = ""


GESTURES = {
    gesture.slug: gesture
    for gesture in (
        Gesture(
            slug="modifier",
            states=(SeriesState.RUNNING, SeriesState.PAUSED),
            label="Modifier",
            question="Que faut-il changer ?",
            warning="Les jours où personne n’a dit oui suivent. Ce qui est prévu avec un bénévole ne change pas.",
            form=AmendSeriesForm,
            act=lambda form, account: amend(form.series, form.wanted(), by_account=account),
            told="C’est changé.",
        ),
        Gesture(
            slug="sauter",
            states=STANDING,
            label="Sauter un jour",
            question="Quel jour n’est pas voulu ?",
            warning="Le bénévole qui devait venir ce jour-là est prévenu. Les autres jours ne changent pas.",
            form=SkipDayForm,
            act=lambda form, account: recurring.skip(form.series, form.cleaned_data["day"], by_account=account),
            told="C’est noté : pas ce jour-là.",
        ),
        Gesture(
            slug="pause",
            states=(SeriesState.RUNNING,),
            label="Mettre en pause",
            question="Mettre cette demande en pause ?",
            warning="On ne cherche plus personne pour les jours à venir. Ce qui est prévu avec un bénévole reste.",
            form=SeriesForm,
            act=lambda form, account: recurring.pause(form.series, by_account=account),
            told="La demande est en pause.",
        ),
        Gesture(
            slug="reprendre",
            states=(SeriesState.PAUSED,),
            label="Reprendre",
            question="Reprendre cette demande ?",
            warning="On cherche de nouveau quelqu’un pour les jours à venir.",
            form=SeriesForm,
            act=lambda form, account: recurring.resume(form.series, by_account=account),
            told="La demande reprend.",
        ),
        Gesture(
            slug="arreter",
            states=STANDING,
            label="Arrêter",
            question="Arrêter cette demande ?",
            warning="Tous les jours à venir sont annulés, et les bénévoles prévenus. Cela ne peut pas être défait.",
            form=EndSeriesForm,
            act=lambda form, account: recurring.end(
                form.series, reason=Reason.OTHER, by_account=account, **form.cleaned_data
            ),
            told="La demande est arrêtée.",
            tone="danger",
        ),
    )
}


@desk_screen("follow_requests")
@require_http_methods(["GET", "HEAD", "POST"])
def take_series_gesture(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Ask « are you sure? », then do it. Too late, it changes nothing and says where the series stands."""
    shown, gesture = access.series_of(request.user, uid), GESTURES.get(slug)
    if gesture is None:
        raise Http404
    form = gesture.form(request.POST if request.method == "POST" else None, series=shown)
    if shown.state not in gesture.states:
        messages.warning(request, f"Rien n’a changé : cette demande est {shown.get_state_display()}.")
        return redirect("desk:series", uid=uid)
    if form.is_valid():
        try:
            gesture.act(form, request.user)
        except NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, gesture.told)
        if not form.errors:
            return redirect("desk:series", uid=uid)
    context = {"shown": shown, "gesture": gesture, "form": form}
    return show(request, "aid/desk/series_gesture.html", context, section="requests")
