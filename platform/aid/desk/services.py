"""The verbs of agents, over those of the rooms below."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import AskedBy, Consent, Moment, RequestState, Source, Urgency
from aid.help_requests.models import HelpRequest, RequestStep
from aid.help_requests.series import begin
from aid.help_requests.services import ask_for
from aid.help_requests.transitions import write_step
from aid.offers.services import note_offer
from aid.onboarding.appointments import held
from aid.onboarding.enums import AppointmentState, VolunteerState
from aid.onboarding.enums import Source as VolunteerSource
from aid.onboarding.models import Appointment, Step, Volunteer
from aid.onboarding.models.steps import LONGEST_TITLE
from aid.onboarding.passing import attend
from aid.onboarding.place import NotAllowedError
from aid.onboarding.services import admit, apply
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import register_person, update_person
from aid.relations import services as relations
from aid.relations.enums import Kinship
from aid.relations.models import Mandate
from aid.territory.models import CoveredCommune, District
from core.recurrence import Recurrence
from core.text import tidy, tidy_lines

# An agent who enters the same thing again within this time pressed twice, or went back.
SAME_ENTRY = timedelta(minutes=10)
# Whom the town does not count among its volunteers, yet or any more.
NOT_YET = (VolunteerState.CANDIDATE, VolunteerState.LEFT)


@transaction.atomic
def enter_request(
    *,
    person: Person | dict[str, Any],
    kind: KindOfHelp,
    day: date,
    hour: time | None,
    moment: Moment,
    commune: CoveredCommune,
    district: District | None,
    address: str,
    details: str,
    source: Source,
    asked_by: AskedBy,
    asked_by_name: str,
    consent: Consent,
    by_account: Account,
    asked_by_person: Person | None = None,
    answers: Mapping[str, str] | None = None,
    people_needed: int | None = None,
    urgency: Urgency | None = None,
    rule: Recurrence | None = None,
    skips_holidays: bool = True,
) -> HelpRequest:
    """Write down what somebody asks an agent for; `person` is somebody known, or the fields of somebody new.

    With a `rule`, it comes again from that day on.

    Pressing twice is harmless: what this agent wrote down some minutes ago, in the same words, is answered instead of
    a second one, and entries of one agent wait for one another. Raises ValidationError for what cannot be.
    """
    Account.objects.select_for_update().get(pk=by_account.pk)
    who = _written_down(person, by_account=by_account)
    same = HelpRequest.objects.filter(
        person=who,
        entered_by=by_account,
        created_at__gte=timezone.now() - SAME_ENTRY,
        kind=kind,
        day=day,
        hour=hour,
        details=details,
    )
    entered = same.exclude(state=RequestState.CANCELLED).first()
    if entered is not None:
        return entered
    asked = ask_for(
        person=who,
        kind=kind,
        day=day,
        hour=hour,
        moment=moment,
        commune=commune,
        district=district,
        address=address,
        details=details,
        source=source,
        asked_by=asked_by,
        asked_by_name=asked_by_name,
        asked_by_person=asked_by_person,
        answers=answers,
        people_needed=people_needed,
        urgency=urgency,
        consent=consent,
        by_account=by_account,
    )
    if rule is not None:
        begin(asked, rule, skips_holidays=skips_holidays, by_account=by_account)
    return asked


def just_written_down(*, first_name: str, last_name: str, phone: str, by_account: Account) -> Person | None:
    """Whom this agent wrote down in these very words some minutes ago: pressed twice, or went back."""
    written = Person.objects.living().filter(created_by=by_account, created_at__gte=timezone.now() - SAME_ENTRY)
    return written.filter(first_name=tidy(first_name), last_name=tidy(last_name), phone=phone).order_by("pk").first()


def _written_down(person: Person | dict[str, Any], *, by_account: Account, **more: Any) -> Person:
    if isinstance(person, Person):
        return person
    named = {name: person[name] for name in ("first_name", "last_name", "phone")}
    written = just_written_down(**named, by_account=by_account)
    return written or register_person(**person, **more, created_by=by_account)


@transaction.atomic
def note(request: HelpRequest, *, words: str, by_account: Account) -> RequestStep:
    """Write a line in the journal of a request; its state does not change."""
    return write_step(request, "note", by_account=by_account, words=words)


def helps_already(person: Person) -> bool:
    """Whether somebody is a volunteer whose place is decided: only what they offer is to change."""
    known = getattr(person, "volunteer", None)
    return known is not None and known.state not in NOT_YET


@transaction.atomic
def welcome_volunteer(
    *,
    person: Person | dict[str, Any],
    kinds: Iterable[KindOfHelp],
    communes: Iterable[CoveredCommune],
    channel: Channel,
    source: VolunteerSource,
    motivation: str,
    admits: bool,
    by_account: Account,
) -> Volunteer:
    """Take down somebody known, or somebody new, who would like to help: what they offer, how they want to be told.

    `admits`: at once; otherwise they are a candidate. Who is a volunteer already only changes what they offer.
    Pressing twice is harmless. Raises ValidationError for what cannot be, naming the steps that an admission lacks.
    """
    Account.objects.select_for_update().get(pk=by_account.pk)
    who = update_person(
        _written_down(person, by_account=by_account, channel=channel), channel=channel, by_account=by_account
    )
    known = Volunteer.objects.filter(person=who).first()
    if known is None or known.state in NOT_YET:
        known = (
            _admitted(who, source=source, motivation=motivation, by_account=by_account)
            if admits
            else apply(person=who, source=source, motivation=motivation, by_account=by_account)
        )
    note_offer(known, kinds=kinds, communes=communes)
    return known


def _admitted(who: Person, *, source: VolunteerSource, motivation: str, by_account: Account) -> Volunteer:
    """Admitted without having been a candidate: how they came is kept all the same."""
    is_candidate = Volunteer.objects.filter(person=who, applied_at__isnull=False).exclude(state=VolunteerState.LEFT)
    came_before = is_candidate.exists()
    volunteer = admit(person=who, by_account=by_account)
    volunteer.motivation = tidy_lines(motivation) or volunteer.motivation
    volunteer.source = volunteer.source if came_before else source
    volunteer.save(update_fields=["source", "motivation"])
    return volunteer


@transaction.atomic
def note_training(
    *,
    step: Step,
    on: date,
    minutes: int,
    title: str,
    volunteers: Iterable[Volunteer],
    by_account: Account,
) -> int:
    """Note one session for all who came, and that whoever had an appointment for it was there; answer how many came.

    All of them, or nobody. Pressing twice is harmless. Raises ValidationError (« came »), naming who cannot be noted.
    """
    came = sorted(volunteers, key=attrgetter("pk"))
    for volunteer in came:
        try:
            _note_session(volunteer, step=step, on=on, minutes=minutes, title=title, by_account=by_account)
        except (ValidationError, NotAllowedError) as error:
            why = " ".join(getattr(error, "messages", [str(error)]))
            raise ValidationError({"came": f"{volunteer.person.full_name}\xa0: {why}"}) from error
    return len(came)


def _note_session(volunteer: Volunteer, *, step: Step, on: date, minutes: int, title: str, by_account: Account) -> None:
    expected = Appointment.objects.filter(
        volunteer=volunteer, step=step, at__date=on, state__in=[AppointmentState.PLANNED, AppointmentState.HELD]
    ).first()
    if expected is not None and expected.state == AppointmentState.PLANNED:
        held(expected, passed=False, minutes=minutes, title=title, by_account=by_account)
        return
    # Sent again, it is the same session: without a title, the place where they were awaited names it.
    title = title or (expected.place[:LONGEST_TITLE] if expected else "")
    attend(volunteer=volunteer, step=step, on=on, minutes=minutes, title=title, by_account=by_account)


@transaction.atomic
def note_relation(
    *,
    person: Person,
    other: Person | dict[str, Any],
    kind: Kinship,
    lives_there: bool,
    mandate: dict[str, Any] | None,
    by_account: Account,
) -> Person:
    """Keep what somebody known, or somebody new, is to a person: a tie, one roof, a mandate (as `grant` wants it).

    One gesture: all of it, or nothing. A mandate takes the place of the one that runs between them. Pressing twice is
    harmless. Raises ValidationError by field.
    """
    Account.objects.select_for_update().get(pk=by_account.pk)
    who = _written_down(other, by_account=by_account)
    relations.note_relative(person, who, kind=kind, by_account=by_account)
    if lives_there:
        relations.live_together(person, who)
    if mandate is not None:
        running = relations.mandate_between(representative=who, principal=person)
        if running is None:
            relations.grant(representative=who, principal=person, by_account=by_account, **mandate)
        elif not _was_just_given(running, by_account, mandate):
            relations.extend(running, by_account=by_account, **mandate)
    return who


def _was_just_given(running: Mandate, by_account: Account, mandate: dict[str, Any]) -> bool:
    """Whether this agent recorded the very same some minutes ago."""
    is_recent = running.by_account == by_account and running.created_at >= timezone.now() - SAME_ENTRY
    same = (set(running.scope), running.consent, running.ends_on)
    return is_recent and same == (set(mandate["scope"]), mandate["consent"], mandate["ends_on"])
