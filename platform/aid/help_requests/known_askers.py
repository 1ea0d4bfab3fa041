"""Asking without a form of the site: who signed in, for themselves; an agent or another software, for who agreed.

Nobody's number is to be proved here: somebody signed in, or the software answers for it, as an agent does.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import limits
from accounts.models import Account
from aid.configuration.services import rules
from aid.help_requests import services, times
from aid.help_requests.enums import AskedBy, Consent, Source
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need, check_need
from aid.help_requests.writing import look_for_somebody, write_down
from aid.people.models import Person
from aid.people.services import locked, people_with_phone, register_person, who_answers_to
from core.phones import normalise_phone

TAKEN = "Ce numéro a déjà servi pour une autre demande."


@transaction.atomic
def ask_oneself(person: Person, *, need: Need, uid: UUID | None = None) -> HelpRequest:
    """Write down what somebody who signed in asks for; the same uid twice is the same request.

    Raises ValidationError by field, and LimitReachedError.
    """
    # Sent twice at once, the second waits here, and finds what the first wrote.
    person = locked(person)
    uid = uid or uuid4()
    sent = HelpRequest.objects.filter(uid=uid).first()
    if sent is not None:
        return _own(sent, is_own=sent.person_id == person.pk)
    _check(need)
    most, within = rules().requests_a_day_by_number, timedelta(days=1)
    if not limits.hit(kind="ask.person", subject=str(person.uid), most=most, within=within):
        raise services.LimitReachedError(services.TOO_MANY)
    request = write_down(
        need,
        uid=uid,
        person=person,
        source=Source.SITE,
        asked_by=AskedBy.SELF,
        asked_by_name="",
        consent=Consent.ON_SCREEN,
    )
    return look_for_somebody(request, by_person=person)


@transaction.atomic
def ask_by_agent(
    person: Person, *, need: Need, consent: Consent, source: Source, by_account: Account, uid: UUID | None = None
) -> HelpRequest:
    """Write down what somebody asks an agent for, where all of it is told already; the same uid twice is the same.

    Raises ValidationError by field.
    """
    person, uid = locked(person), uid or uuid4()
    sent = HelpRequest.objects.filter(uid=uid).first()
    if sent is not None:
        return _own(sent, is_own=sent.person_id == person.pk)
    _check(need)
    request = services.write_down(
        need,
        uid=uid,
        person=person,
        source=source,
        asked_by=AskedBy.SELF,
        asked_by_name="",
        consent=consent,
        by_account=by_account,
    )
    return services.look_for_somebody(request, by_account=by_account)


@transaction.atomic
def ask_by_software(
    *,
    need: Need,
    first_name: str,
    last_name: str,
    phone: str,
    consent: Consent,
    software: str,
    by_account: Account,
    uid: UUID | None = None,
) -> HelpRequest:
    """Write down what another software asks for somebody who agreed, as an agent would; the same uid is the same.

    Who answers to this first name at this number is known already, and nothing of them is changed; else they are
    written down. They read that it was asked for them, and by which software. Raises ValidationError by field, and
    LimitReachedError.
    """
    # What one software files comes one after the other.
    Account.objects.select_for_update().get(pk=by_account.pk)
    uid = uid or uuid4()
    sent = HelpRequest.objects.filter(uid=uid).first()
    if sent is not None:
        return _own(sent, is_own=sent.entered_by_id == by_account.pk)
    number = normalise_phone(phone)
    _check(need)
    services.count_asked(number)
    home = {"commune": need.commune, "district": need.district, "address": need.address}
    named = {"first_name": first_name, "last_name": last_name, "phone": number}
    person = who_answers_to(first_name, people_with_phone(number)) or register_person(
        **named, **home, created_by=by_account
    )
    return services.ask_for(
        person=person,
        kind=need.kind,
        day=need.day,
        hour=need.hour,
        moment=need.moment,
        commune=need.commune,
        district=need.district,
        address=need.address,
        details=need.details,
        answers=need.answers,
        urgency=need.urgency,
        consent=consent,
        source=Source.SOFTWARE,
        asked_by=AskedBy.PROFESSIONAL,
        asked_by_name=software,
        by_account=by_account,
        uid=uid,
    )


def _own(sent: HelpRequest, *, is_own: bool) -> HelpRequest:
    if not is_own:
        raise ValidationError({"uid": TAKEN})
    return sent


def _check(need: Need) -> None:
    check_need(need)
    times.check_hour(need.day, need.hour, need.moment)
