"""What somebody does about another's requests, under a mandate: each act makes sure of it, and is kept.

The mandate is held to the end of the transaction: of an act and a withdrawal at once, one comes first.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from accounts import limits
from aid.configuration.services import rules
from aid.help_requests import amending, services, times
from aid.help_requests import series as recurring
from aid.help_requests.enums import AskedBy, Consent, Reason, Source
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.needs import Need, check_need
from aid.help_requests.writing import look_for_somebody, write_down
from aid.people.models import Person
from aid.relations import services as relations
from aid.relations.enums import Deed, Kinship, Scope
from aid.relations.models import Mandate
from core.recurrence import Recurrence

# What a relative is to a person, in the words of requests; all others are relatives there too.
ASKED_BY = {
    Kinship.NEIGHBOUR: AskedBy.NEIGHBOUR,
    Kinship.PROFESSIONAL: AskedBy.PROFESSIONAL,
    Kinship.GUARDIAN: AskedBy.PROFESSIONAL,
}


@transaction.atomic
def ask(mandate: Mandate, *, need: Need, uid: UUID | None = None, rule: Recurrence | None = None) -> HelpRequest:
    """Write down what somebody asks for another; the same uid twice is the same request. With a `rule`, it comes again.

    Somebody is looked for at once: a code told who asks, the mandate for whom. Without an address it is at her home.
    Raises ValidationError by field, LimitReachedError, and NoMandateError.
    """
    uid = uid or uuid4()
    # Sent twice at once, the second waits here, and finds what the first wrote.
    held = relations.hold(mandate, Scope.REQUESTS)
    her, who = held.principal, held.representative
    sent = HelpRequest.objects.filter(uid=uid, person=her).first()
    if sent is not None:
        return sent
    check_need(need)
    times.check_hour(need.day, need.hour, need.moment)
    most, within = rules().requests_a_day_by_number, timedelta(days=1)
    if not limits.hit(kind="ask.mandate", subject=str(held.uid), most=most, within=within):
        raise services.LimitReachedError(services.TOO_MANY)
    if not need.address and her.address and her.commune_id in {None, need.commune.pk}:
        need = replace(need, address=her.address, district=need.district or her.district)
    request = write_down(
        need,
        uid=uid,
        person=her,
        source=Source.SITE,
        asked_by=asked_by_kinship(her, who),
        asked_by_name=who.full_name[:120],
        asked_by_person=who,
        consent=Consent.MANDATE,
    )
    relations.note_deed(Deed.ASKED, mandate=held, subject=request.uid)
    opened = look_for_somebody(request, by_person=who)
    if rule is not None:
        recurring.begin(opened, rule, by_person=who)
    return opened


def asked_by_kinship(person: Person, asking: Person) -> AskedBy:
    """Who somebody is who asks for a person: what the town noted of them, else a relative."""
    return ASKED_BY.get(relations.kinship_of(person, asking), AskedBy.RELATIVE)


@transaction.atomic
def follow(mandate: Mandate, request: HelpRequest) -> None:
    """Keep that a request was opened. Raises NoMandateError."""
    held = relations.hold(mandate, Scope.REQUESTS)
    relations.note_deed(Deed.FOLLOWED, mandate=held, subject=request.uid)


@transaction.atomic
def cancel(mandate: Mandate, request: HelpRequest, *, reason: Reason | None, words: str = "") -> HelpRequest:
    """Nothing is needed any more. Raises NotAllowedError once it is over, ValidationError, and NoMandateError."""
    held = relations.hold(mandate, Scope.REQUESTS)
    cancelled = services.cancel(request, reason=reason, words=words, by_person=held.representative)
    relations.note_deed(Deed.CANCELLED, mandate=held, subject=request.uid)
    return cancelled


@transaction.atomic
def amend(mandate: Mandate, request: HelpRequest, need: Need) -> HelpRequest:
    """Change what she asked for. Raises NotAllowedError, ValidationError by field, and NoMandateError."""
    held = relations.hold(mandate, Scope.REQUESTS)
    amended = amending.amend(request, need, by_person=held.representative)
    relations.note_deed(Deed.AMENDED, mandate=held, subject=request.uid)
    return amended


@transaction.atomic
def thank(mandate: Mandate, request: HelpRequest, *, words: str) -> HelpRequest:
    """Say thank you for her. Raises NotAllowedError, ValidationError, and NoMandateError."""
    held = relations.hold(mandate, Scope.REQUESTS)
    thanked = services.thank(request, words=words)
    relations.note_deed(Deed.THANKED, mandate=held, subject=request.uid)
    return thanked


@transaction.atomic
def skip(mandate: Mandate, series: HelpSeries, day: date) -> HelpSeries:
    """Not on that day, of what comes again. Raises NotAllowedError, ValidationError, and NoMandateError."""
    held = relations.hold(mandate, Scope.REQUESTS)
    skipped = recurring.skip(series, day, by_person=held.representative)
    relations.note_deed(Deed.CANCELLED, mandate=held, subject=series.uid)
    return skipped


@transaction.atomic
def end(mandate: Mandate, series: HelpSeries) -> HelpSeries:
    """What came again is not needed any more. Raises NoMandateError."""
    held = relations.hold(mandate, Scope.REQUESTS)
    ended = recurring.end(series, by_person=held.representative)
    relations.note_deed(Deed.CANCELLED, mandate=held, subject=series.uid)
    return ended
