"""Meetings for a step: planned, moved, cancelled, held or missed. The volunteer is told; the journal says by whom."""

import datetime
import uuid
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.notifications.services import send
from aid.notifications.words import Words
from aid.onboarding import texts
from aid.onboarding.enums import CANCELLED, HELD, MISSED, MOVED, AppointmentState, StepKind, VolunteerState
from aid.onboarding.models import Appointment, Step, Volunteer
from aid.onboarding.models.steps import LONGEST_TITLE
from aid.onboarding.passing import attend, pass_step
from aid.onboarding.place import NotAllowedError, hold, journal
from core.text import tidy

FURTHEST = datetime.timedelta(days=365)
KIND = "appointment"


@transaction.atomic
def plan(
    *,
    volunteer: Volunteer,
    step: Step,
    at: datetime.datetime,
    place: str,
    with_account: Account | None = None,
    with_volunteer: Volunteer | None = None,
    by_account: Account | None,
) -> Appointment:
    """Plan a meeting and tell the volunteer, and who goes along with them.

    `with_account` receives them; without anybody, who plans does. Raises ValidationError, by field: for an hour that is
    past or more than a year away, where one is planned already, for a charter, who left, or somebody with themselves.
    """
    known = hold(volunteer)
    if known.state == VolunteerState.LEFT:
        raise ValidationError("Ce bénévole est parti.")
    if step.kind == StepKind.CHARTER:
        raise ValidationError("La charte se lit et se signe : aucun rendez-vous n’est à prévoir.")
    appointment = Appointment(
        volunteer=known,
        step=step,
        at=at,
        place=tidy(place),
        with_account=with_account or (by_account if with_volunteer is None else None),
        with_volunteer=with_volunteer,
    )
    _check(appointment)
    appointment.validate_constraints()
    appointment.save()
    _tell(appointment, texts.planned, texts.accompanied)
    return appointment


@transaction.atomic
def move(
    appointment: Appointment,
    *,
    at: datetime.datetime,
    place: str,
    with_account: Account | None = None,
    with_volunteer: Volunteer | None = None,
    by_account: Account | None = None,
) -> Appointment:
    """Change the hour, the place or who receives; without anybody, these stay. Tell, unless nothing changed.

    Raises NotAllowedError where it is not planned any more, ValidationError as `plan` does.
    """
    known = _planned(appointment)
    was = (known.at, known.place, known.with_account_id, known.with_volunteer_id)
    before = known.with_volunteer
    known.at, known.place = at, tidy(place)
    if with_account is not None or with_volunteer is not None:
        known.with_account, known.with_volunteer = with_account, with_volunteer
    if was == (known.at, known.place, known.with_account_id, known.with_volunteer_id):
        return known
    _check(known)
    known.save()
    _note(known, MOVED, by_account)
    _tell(known, texts.moved, texts.accompanied)
    if before is not None and before != known.with_volunteer:
        known_before = Appointment(volunteer=known.volunteer, step=known.step, at=was[0], with_volunteer=before)
        _send(before, known, texts.not_accompanied(known_before))
    return known


@transaction.atomic
def cancel(appointment: Appointment, *, by_account: Account | None = None) -> Appointment:
    """Call a meeting off and tell. A second time changes nothing. Raises NotAllowedError once it was held or missed."""
    known = _locked(appointment)
    if known.state == AppointmentState.CANCELLED:
        return known
    known = _end(known, AppointmentState.CANCELLED)
    _note(known, CANCELLED, by_account)
    if known.at > timezone.now():
        _tell(known, texts.cancelled, texts.not_accompanied)
    return known


@transaction.atomic
def held(
    appointment: Appointment,
    *,
    passed: bool,
    by_account: Account,
    minutes: int | None = None,
    title: str = "",
    words: str = "",
    proof: File | None = None,
) -> Appointment:
    """Note that a meeting took place, and whether the step is passed by it. A second time changes nothing.

    For a training, `minutes` is what it lasted, and is noted whether or not it was enough; without a `title`, the place
    names the session. Raises NotAllowedError once it was cancelled or missed; ValidationError before its day, and as
    `pass_step` and `attend` do.
    """
    known = _locked(appointment)
    if known.state == AppointmentState.HELD:
        return known
    on = timezone.localtime(known.at).date()
    if on > timezone.localdate():
        raise ValidationError("Ce rendez-vous est à venir.")
    known = _end(known, AppointmentState.HELD)
    _note(known, HELD, by_account)
    if known.step.kind == StepKind.TRAINING:
        if minutes is None:
            raise ValidationError({"minutes": "Écrivez combien de minutes a duré cette séance."})
        attend(
            volunteer=known.volunteer,
            step=known.step,
            on=on,
            minutes=minutes,
            title=title or known.place[:LONGEST_TITLE],
            by_account=by_account,
        )
    elif passed:
        pass_step(
            volunteer=known.volunteer, step=known.step, passed_on=on, words=words, proof=proof, by_account=by_account
        )
    return known


@transaction.atomic
def missed(appointment: Appointment, *, by_account: Account | None = None) -> Appointment:
    """Note that the volunteer did not come. A second time changes nothing.

    Raises NotAllowedError once it was cancelled or held, ValidationError before its hour.
    """
    known = _locked(appointment)
    if known.state == AppointmentState.MISSED:
        return known
    if known.at > timezone.now():
        raise ValidationError("Ce rendez-vous est à venir.")
    known = _end(known, AppointmentState.MISSED)
    _note(known, MISSED, by_account)
    return known


def cancel_all(volunteer: Volunteer) -> int:
    """Call off what is planned with who leaves; answer how many. They are not written to: they know."""
    planned = Appointment.objects.select_related("volunteer__person", "step", "with_volunteer__person")
    count = 0
    for one in planned.filter(volunteer=volunteer, state=AppointmentState.PLANNED):
        _end(one, AppointmentState.CANCELLED)
        if one.with_volunteer is not None and one.at > timezone.now():
            _send(one.with_volunteer, one, texts.not_accompanied(one))
        count += 1
    return count


def _locked(appointment: Appointment) -> Appointment:
    hold(appointment.volunteer)
    related = ("volunteer__person", "step", "with_account", "with_volunteer__person")
    return Appointment.objects.select_for_update(of=["self"]).select_related(*related).get(pk=appointment.pk)


def _planned(appointment: Appointment) -> Appointment:
    known = _locked(appointment)
    if known.state != AppointmentState.PLANNED:
        raise NotAllowedError(f"Ce rendez-vous {AppointmentState(known.state).label}.")
    return known


def _end(known: Appointment, state: AppointmentState) -> Appointment:
    if known.state != AppointmentState.PLANNED:
        raise NotAllowedError(f"Ce rendez-vous {AppointmentState(known.state).label}.")
    known.state = state
    known.save(update_fields=["state"])
    return known


def _note(known: Appointment, name: str, by_account: Account | None) -> None:
    """Say in the journal what became of it, at the hour where it stands now, and by whom."""
    said = f"{known.step.name}, {texts.day_and_hour(known.at)}"
    journal(known.volunteer, name, before=known.volunteer.state, by_account=by_account, words=said)


def _check(appointment: Appointment) -> None:
    now = timezone.now()
    if appointment.at <= now:
        raise ValidationError({"at": "Cette heure est passée. Choisissez-en une à venir."})
    if appointment.at > now + FURTHEST:
        raise ValidationError({"at": "Ce jour est trop loin. Choisissez-en un dans l’année qui vient."})
    if appointment.with_volunteer is not None and appointment.with_volunteer == appointment.volunteer:
        raise ValidationError({"with_volunteer": "Choisissez quelqu’un d’autre que ce bénévole."})
    appointment.clean_fields(exclude={"uid"})


def _tell(
    appointment: Appointment, words: Callable[[Appointment], Words], along: Callable[[Appointment], Words]
) -> None:
    _send(appointment.volunteer, appointment, words(appointment))
    if appointment.with_volunteer is not None:
        _send(appointment.with_volunteer, appointment, along(appointment))


def _send(reader: Volunteer, appointment: Appointment, words: Words) -> None:
    # Moved away and back, it is told each time: only who repeats a gesture that changes nothing tells nothing.
    send(person=reader.person, kind=KIND, key=f"appointment:{appointment.pk}:{uuid.uuid4()}", words=words)
