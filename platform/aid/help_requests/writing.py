"""Writing down what is asked for, by whichever door it comes, and looking for somebody: for the verbs of asking."""

from uuid import UUID

from django.core.exceptions import ValidationError

from accounts.models import Account
from aid.configuration.questions import check_answers
from aid.help_requests import texts, times
from aid.help_requests.askers import check_asker
from aid.help_requests.enums import CONFIRM, AskedBy, Consent, Moment, Source, Urgency
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.help_requests.transitions import take, write_step
from aid.notifications import services as notifications
from aid.notifications.channels import is_written_to
from aid.people.models import Person
from aid.people.services import locked
from aid.privacy import consents
from aid.privacy.enums import ConsentKind
from core.text import tidy

ASK = "ask"


def write_down(
    need: Need,
    *,
    uid: UUID,
    person: Person,
    source: Source,
    asked_by: AskedBy,
    asked_by_name: str,
    consent: Consent,
    by_account: Account | None = None,
    asked_by_person: Person | None = None,
) -> HelpRequest:
    """Keep a need that was checked, and the first line of its journal. For the verbs of asking.

    Raises ValidationError for who may not ask for this kind, and for who died.
    """
    check_asker(need.kind, asked_by)
    person = locked(person)
    if not person.is_living:
        raise ValidationError("Cette personne est décédée.")
    request = HelpRequest(
        uid=uid,
        person=person,
        kind=need.kind,
        details=need.details.strip(),
        answers=check_answers(need.questions, need.answers),
        mode=need.mode or need.kind.mode,
        people_needed=need.people_needed or need.kind.people_needed,
        day=need.day,
        hour=need.hour,
        moment=Moment.ANY if need.hour else need.moment,
        urgency=need.urgency or Urgency.USUAL,
        ends_at=times.end_of(day=need.day, hour=need.hour, moment=need.moment, minutes=need.kind.usual_minutes),
        commune=need.commune,
        district=need.district,
        address=tidy(need.address),
        source=source,
        asked_by=asked_by,
        asked_by_name=tidy(asked_by_name),
        asked_by_person=asked_by_person,
        consent=consent,
        entered_by=by_account,
    )
    # What it points to was checked, or read from the database just before.
    request.clean_fields(
        exclude={"person", "kind", "commune", "district", "volunteer", "entered_by", "asked_by_person"}
    )
    request.save()
    consents.give(person, kind=ConsentKind.ASK, how=consent, by_account=by_account)
    by_person = None if by_account else asked_by_person or person
    write_step(request, ASK, by_account=by_account, by_person=by_person)
    return request


def look_for_somebody(
    request: HelpRequest, *, by_account: Account | None = None, by_person: Person | None = None
) -> HelpRequest:
    """Look for somebody, and tell who asked where to follow it, if they read messages."""
    opened = take(request, CONFIRM, by_account=by_account, by_person=by_person)
    if is_written_to(opened.person, "noted"):
        notifications.send(person=opened.person, kind="noted", key=f"noted:{opened.pk}", words=texts.noted(opened))
    return opened
