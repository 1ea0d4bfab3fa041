"""The verbs of a volunteer's place: apply, be admitted, pause, come back, be suspended, leave."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from aid.followups.enums import FollowUpKind
from aid.followups.services import ask, settle_key, settle_of
from aid.moderation import sanctions
from aid.onboarding import lapses, texts
from aid.onboarding.access import check_may_note
from aid.onboarding.appointments import cancel_all
from aid.onboarding.enums import (
    ADMISSION,
    APPLICATION,
    LEAVE,
    PAUSE,
    REFUSE,
    REINSTATE,
    RESUME,
    SUSPEND,
    Move,
    Passing,
    Source,
    VolunteerState,
)
from aid.onboarding.models import StepRecord, Volunteer, lacking
from aid.onboarding.models.steps import LONGEST_WORDS
from aid.onboarding.place import NotAllowedError, end_of, hold, journal
from aid.people.models import Person
from aid.people.services import locked
from core.text import tidy, tidy_lines

__all__ = ["NotAllowedError", "admit", "apply", "leave", "pause", "resume", "take"]

DECEASED = "Cette personne est décédée."


@transaction.atomic
def apply(
    *,
    person: Person,
    source: Source,
    motivation: str = "",
    by_account: Account | None = None,
    on: datetime.date | None = None,
) -> Volunteer:
    """Keep that somebody would like to help, and tell the town. Again, it is the same: their last words are kept.

    Who left, or was not taken, may apply again; who is a volunteer already stays as they are. `on`: the day of an
    application on paper. Raises ValidationError for who died, for a day to come, for words that are too long.
    """
    person = locked(person)
    if not person.is_living:
        raise ValidationError(DECEASED)
    if on is not None and on > timezone.localdate():
        raise ValidationError({"on": "Ce jour est à venir."})
    motivation = tidy_lines(motivation)
    if len(motivation) > LONGEST_WORDS:
        raise ValidationError({"motivation": f"Écrivez {LONGEST_WORDS} caractères au plus."})
    Volunteer.objects.get_or_create(person=person)
    volunteer = hold(Volunteer.objects.get(person=person))
    is_new = volunteer.state == VolunteerState.CANDIDATE and volunteer.applied_at is None
    if volunteer.state not in {VolunteerState.CANDIDATE, VolunteerState.LEFT}:
        return volunteer
    volunteer.motivation = motivation or volunteer.motivation
    if is_new or volunteer.state == VolunteerState.LEFT:
        before = "" if is_new else volunteer.state
        volunteer.state, volunteer.source, volunteer.applied_at = VolunteerState.CANDIDATE, source, _hour_of(on)
        journal(volunteer, APPLICATION, before=before, by_account=by_account)
    volunteer.save()
    ask(kind=FollowUpKind.ONBOARDING, person=person, words=texts.application(volunteer), key=application_key(volunteer))
    return volunteer


@transaction.atomic
def admit(
    *,
    person: Person,
    on: datetime.date | None = None,
    despite: str = "",
    by_account: Account | None = None,
) -> Volunteer:
    """Vouch for a person: from now on they may be asked to help. Who is admitted already stays as they are.

    Who comes back keeps the first date, and is counted once. `despite` is why the steps that they lack are not asked
    of them: each is noted as waived. Raises ValidationError for who died, for who is suspended (somebody lifts that
    first), and, naming them, where steps lack.
    """
    person = locked(person)
    if not person.is_living:
        raise ValidationError(DECEASED)
    sanctions.refuse_if_standing(person)
    Volunteer.objects.get_or_create(person=person)
    # Read again under a lock: two agents may admit the same person.
    volunteer = hold(Volunteer.objects.get(person=person))
    if volunteer.state == VolunteerState.SUSPENDED:
        raise ValidationError("Ce bénévole est suspendu : levez d’abord la suspension.")
    if volunteer.state == VolunteerState.ADMITTED:
        return volunteer
    _let_pass(volunteer, despite=tidy(despite), by_account=by_account)
    if volunteer.admitted_on is None:
        volunteer.admitted_on = on or timezone.localdate()
        record_fact(
            kind=FactKind.VOLUNTEER_ADMITTED, happened_on=volunteer.admitted_on, commune_code=_commune_code(person)
        )
    before, volunteer.state = volunteer.state, VolunteerState.ADMITTED
    volunteer.save(update_fields=["state", "admitted_on"])
    journal(volunteer, ADMISSION, before=before, by_account=by_account, words=despite)
    settle_key(application_key(volunteer), outcome="Admission notée.")
    return volunteer


def pause(volunteer: Volunteer) -> Volunteer:
    """Stop asking a volunteer for a while. A second time changes nothing. Raises NotAllowedError."""
    return take(volunteer, PAUSE)


def resume(volunteer: Volunteer) -> Volunteer:
    """Ask a volunteer again. A second time changes nothing. Raises NotAllowedError."""
    return take(volunteer, RESUME)


def leave(volunteer: Volunteer) -> Volunteer:
    """Keep that a volunteer has left; only `admit` or `apply` has them back. A second time changes nothing."""
    return take(volunteer, LEAVE)


@transaction.atomic
def take(volunteer: Volunteer, move: Move, *, by_account: Account | None = None, words: str = "") -> Volunteer:
    """Take a step; answer the volunteer as they then are. Where they stand there already, nothing changes.

    Raises NotAllowedError from a state where this step does not start, ValidationError (« words ») where an agent
    suspends, refuses or sees somebody off without saying why.
    """
    known = hold(volunteer)
    if known.state == move.target:
        return known
    if known.state not in move.sources:
        raise NotAllowedError(f"Ce bénévole est {known.get_state_display()}.")
    if move.name == REINSTATE.name:
        _refuse_if_standing(known.person)
    words = tidy_lines(words)
    if move.needs_words and by_account is not None and not words:
        raise ValidationError({"words": "Dites pourquoi, en quelques mots. Seuls les agents les lisent."})
    before, known.state = known.state, move.target
    known.save(update_fields=["state"])
    line = journal(known, move.name, before=before, by_account=by_account, words=words)
    if move in {REFUSE, LEAVE}:
        settle_of(known.person, kind=FollowUpKind.ONBOARDING, outcome=f"{move.label}.")
        cancel_all(known)
    if move in {SUSPEND, LEAVE}:
        lapses.tell([lapses.lapse_of(known, line)])
    return known


def application_key(volunteer: Volunteer) -> str:
    """What the follow-up of an application is told once under."""
    day = timezone.localtime(volunteer.applied_at).date() if volunteer.applied_at else ""
    return f"application:{volunteer.pk}:{day}"


def _let_pass(volunteer: Volunteer, *, despite: str, by_account: Account | None) -> None:
    """Make sure that nothing lacks, or waive what does. Who only paused owes what is asked of volunteers today."""
    is_admitting = volunteer.state != VolunteerState.ON_LEAVE
    missing = list(lacking(volunteer.pk, is_admitting=is_admitting))
    if missing and not despite:
        raise ValidationError(texts.lacks([step.name for step in missing]), "lacking")
    check_may_note(by_account, *missing)
    today = timezone.localdate()
    waived = [
        StepRecord(
            volunteer=volunteer,
            step=step,
            passing=Passing.WAIVED,
            passed_on=today,
            valid_until=end_of(step, today),
            words=despite,
            noted_by=by_account,
        )
        for step in missing
    ]
    for record in waived:
        record.clean_fields(exclude={"uid"})
    StepRecord.objects.bulk_create(waived)


def _hour_of(day: datetime.date | None) -> datetime.datetime:
    """Now, or the middle of a day that is past: nobody knows the hour of what came on paper."""
    if day is None or day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _commune_code(person: Person) -> str:
    return person.commune.commune_id if person.commune else ""


def _refuse_if_standing(person: Person) -> None:
    """A suspension that moderation decided is lifted there. Raises NotAllowedError."""
    try:
        sanctions.refuse_if_standing(person)
    except ValidationError as error:
        raise NotAllowedError(error.message) from error
