"""The verbs of requests: ask, confirm, cancel, finish, give up, thank."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import codes, limits
from accounts.models import Account
from aid.configuration.kinds import KindOfHelp
from aid.configuration.services import rules
from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.help_requests import texts, times
from aid.help_requests.enums import (
    CANCEL,
    COLLECTIVE,
    FINISH,
    GIVE_UP,
    GIVEN,
    THANK,
    AskedBy,
    Consent,
    Moment,
    Reason,
    Source,
)
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need, check_need
from aid.help_requests.transitions import NotAllowedError, take
from aid.help_requests.writing import look_for_somebody, write_down
from aid.people.models import Person
from aid.people.services import confirm_phone, people_with_phone, register_person, who_answers_to
from aid.relations import services as relations
from aid.relations.enums import Deed
from aid.territory.models import CoveredCommune, District
from core.phones import gets_code, normalise_phone

SUBJECT = "help_request"
LONGEST_WORDS = 600
MOST_MINUTES = 24 * 60
# A code lives a quarter of an hour; who has not typed it by then may not have received it.
CALLED_AFTER = timedelta(hours=1)
TOO_MANY = "Nous ne pouvons pas noter d’autre demande en ligne aujourd’hui."


class LimitReachedError(Exception):
    """Too much was asked from one number or one internet address today; the message says so, in French."""


@transaction.atomic
def ask_online(
    *,
    need: Need,
    first_name: str,
    phone: str,
    last_name: str = "",
    asked_by: AskedBy = AskedBy.SELF,
    asked_by_name: str = "",
    uid: UUID | None = None,
    internet_address: str = "",
) -> HelpRequest:
    """Write down what somebody asks for on the site; the same uid twice is the same request.

    A number that the town has confirmed already opens it at once; another leaves it « à vérifier », until the code of
    an SMS, or a call of the desk. A mobile gets a code either way, so that the site never tells a known number from
    another. Raises ValidationError by field, LimitReachedError.
    """
    uid = uid or uuid4()
    sent = HelpRequest.objects.filter(uid=uid).first()
    if sent is not None:
        return sent
    number = normalise_phone(phone)
    check_need(need)
    times.check_hour(need.day, need.hour, need.moment)
    try:
        # Sent twice at once, the second waits here for the first, and undoes what it counted and wrote.
        with transaction.atomic():
            count_asked(number, internet_address)
            person, is_known = _asker(number, first_name, last_name, need)
            request = write_down(
                need,
                uid=uid,
                person=person,
                source=Source.SITE,
                asked_by=asked_by,
                asked_by_name=asked_by_name,
                consent=Consent.ON_SCREEN,
            )
    except (IntegrityError, LimitReachedError):
        sent = HelpRequest.objects.filter(uid=uid).first()
        if sent is None:
            raise
        return sent
    if gets_code(number):
        send_code(request)
    if is_known:
        return look_for_somebody(request)
    if gets_code(number):
        _call_later(request)
    else:
        have_number_called(request)
    return request


@transaction.atomic
def ask_for(
    *,
    person: Person,
    kind: KindOfHelp,
    day: date,
    commune: CoveredCommune,
    consent: Consent,
    by_account: Account,
    hour: time | None = None,
    moment: Moment | str = Moment.ANY,
    district: District | None = None,
    address: str = "",
    details: str = "",
    source: Source = Source.PHONE,
    asked_by: AskedBy = AskedBy.SELF,
    asked_by_name: str = "",
    asked_by_person: Person | None = None,
    answers: Mapping[str, str] | None = None,
    people_needed: int | None = None,
    uid: UUID | None = None,
) -> HelpRequest:
    """Write down what somebody asks an agent for: somebody is looked for at once. Raises ValidationError by field."""
    need = Need(
        kind=kind,
        day=day,
        hour=hour,
        moment=moment,
        commune=commune,
        district=district,
        address=address,
        details=details,
        answers=answers or {},
        people_needed=people_needed,
    )
    check_need(need)
    request = write_down(
        need,
        uid=uid or uuid4(),
        person=person,
        source=source,
        asked_by=asked_by,
        asked_by_name=asked_by_name,
        asked_by_person=asked_by_person,
        consent=consent,
        by_account=by_account,
    )
    if asked_by not in {AskedBy.SELF, *COLLECTIVE}:
        relations.note_deed(
            Deed.ASKED, principal=person, representative=asked_by_person, by_account=by_account, subject=request.uid
        )
    return look_for_somebody(request, by_account=by_account)


def send_code(request: HelpRequest) -> bool:
    """Send the code that confirms a request's number; False where as many as an hour allows were sent."""
    number = request.person.phone
    return codes.send_counted_code(kind="ask.code", subject=number, purpose=_purpose(request), phone=number)


@transaction.atomic
def confirm_by_code(request: HelpRequest, *, typed: str) -> bool:
    """Whether the code is right; then the number is confirmed, and the request looks for somebody if it did not yet."""
    if not codes.check_code(phone=request.person.phone, purpose=_purpose(request), typed=typed):
        return False
    try:
        confirm(request, by_person=request.person)
    except NotAllowedError:
        # It looked for somebody already, or was cancelled meanwhile: the number is no less right.
        confirm_phone(request.person)
    return True


@transaction.atomic
def confirm(request: HelpRequest, *, by_account: Account | None = None, by_person: Person | None = None) -> HelpRequest:
    """Its number is right: look for somebody. Raises NotAllowedError unless it waits for that."""
    confirmed = look_for_somebody(request, by_account=by_account, by_person=by_person)
    confirm_phone(confirmed.person)
    followups.settle(subject=(SUBJECT, request.pk), kind=FollowUpKind.CONFIRM_NUMBER, outcome="Numéro confirmé.")
    return confirmed


@transaction.atomic
def cancel(
    request: HelpRequest,
    *,
    words: str = "",
    reason: Reason | None = Reason.NOT_NEEDED,
    by_account: Account | None = None,
    by_person: Person | None = None,
) -> HelpRequest:
    """Nothing is needed any more, and why, where that was said.

    Raises NotAllowedError once it is over, and ValidationError where a reason is told by nothing.
    """
    words = reason_words(reason, words)
    changes = {"reason": reason or "", "closing_words": words}
    cancelled = take(request, CANCEL, by_account=by_account, by_person=by_person, words=words, **changes)
    followups.settle(subject=(SUBJECT, request.pk), outcome="Demande annulée.")
    return cancelled


@transaction.atomic
def finish(
    request: HelpRequest,
    *,
    minutes: int,
    words: str = "",
    by_account: Account | None = None,
    by_person: Person | None = None,
) -> HelpRequest:
    """It was done, and each who came gave so long: figures move. Raises NotAllowedError, ValidationError by field."""
    _check_minutes(minutes)
    words = _short(words)
    # Two services to one person may end at once: one of them only is the first. Rows that point at her may be written
    # meanwhile: a job that holds the request does.
    Person.objects.select_for_update(of=["self"], no_key=True).get(pk=request.person_id)
    helped = HelpRequest.objects.exclude(asked_by__in=COLLECTIVE).filter(person_id=request.person_id)
    is_first = request.asked_by not in COLLECTIVE and not helped.filter(state__in=GIVEN).exists()
    done = take(
        request,
        FINISH,
        by_account=by_account,
        by_person=by_person,
        words=words,
        minutes=minutes,
        closing_words=words,
    )
    note_service(done)
    if is_first:
        record_fact(kind=FactKind.PERSON_HELPED, **_where_and_when(done))
    return done


def note_service(done: HelpRequest, *, minutes: int | None = None) -> None:
    """Count that somebody gave the time of a request that is done, or their own: once for each who came.

    Raises ValidationError for minutes that cannot be.
    """
    if minutes is not None:
        _check_minutes(minutes)
    record_fact(kind=FactKind.SERVICE_DONE, minutes=minutes or done.minutes, **_where_and_when(done))


def _where_and_when(done: HelpRequest) -> dict[str, Any]:
    # A visit may be paid before its day.
    happened_on = min(done.day, times.town_now().date())
    return {"happened_on": happened_on, "commune_code": done.commune.commune_id}


@transaction.atomic
def give_up(
    request: HelpRequest,
    *,
    words: str,
    reason: Reason = Reason.OTHER,
    by_account: Account | None = None,
    by_person: Person | None = None,
) -> HelpRequest:
    """Nobody came, and why. Raises NotAllowedError, and ValidationError where a reason is told by nothing."""
    words = reason_words(reason, words)
    changes = {"reason": reason, "closing_words": words}
    return take(request, GIVE_UP, by_account=by_account, by_person=by_person, words=words, **changes)


@transaction.atomic
def thank(request: HelpRequest, *, words: str) -> HelpRequest:
    """The person says thank you, with or without words; who came is told. A second time changes nothing.

    Raises NotAllowedError before the service is done, and ValidationError for too many words.
    """
    words = _short(words)
    thanked = HelpRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if thanked.state not in GIVEN:
        raise NotAllowedError("On remercie une fois le service rendu.")
    if not thanked.may_thank:
        return thanked
    return take(thanked, THANK, by_person=thanked.person, thanks=words, thanked_at=timezone.now())


def have_number_called(request: HelpRequest) -> None:
    """Have the desk call the number of a request. Asked for once while it waits."""
    followups.ask(
        kind=FollowUpKind.CONFIRM_NUMBER,
        person=request.person,
        subject=(SUBJECT, request.pk),
        words=texts.number_to_confirm(request),
    )


def reason_words(reason: Reason | None, words: str) -> str:
    """The words of a reason, as they are kept. Raises ValidationError where it is told by nothing, or by too much."""
    words = _short(words)
    if not words and reason == Reason.OTHER:
        raise ValidationError({"words": "Écrivez en quelques mots pourquoi."})
    return words


def _call_later(request: HelpRequest) -> None:
    from aid.help_requests.jobs import call_if_unconfirmed

    call_if_unconfirmed.defer(request=request.pk, schedule_at=timezone.now() + CALLED_AFTER)


def count_asked(number: str, internet_address: str = "") -> None:
    """Count a request of this number and of this internet address. Raises LimitReachedError, in the same words."""
    known = rules()
    day = timedelta(days=1)
    within = limits.hit(kind="ask.number", subject=number, most=known.requests_a_day_by_number, within=day)
    if internet_address:
        within &= limits.hit(
            kind="ask.address", subject=internet_address, most=known.requests_a_day_by_address, within=day
        )
    if not within:
        raise LimitReachedError(TOO_MANY)


def _asker(number: str, first_name: str, last_name: str, need: Need) -> tuple[Person, bool]:
    """Who asks, and whether the town knows their number. What is known of somebody is not changed from the site."""
    sharing = people_with_phone(number)
    confirmed = [person for person in sharing if person.phone_confirmed_at]
    person = who_answers_to(first_name, sharing) or register_person(
        first_name=first_name,
        last_name=last_name,
        phone=number,
        commune=need.commune,
        district=need.district,
        address=need.address,
    )
    if confirmed:
        confirm_phone(person)
    return person, bool(confirmed)


def _purpose(request: HelpRequest) -> str:
    """A code is one request's: wrong tries for another's request never use it up."""
    return f"ask:{request.pk}"


def _check_minutes(minutes: int) -> None:
    if not 1 <= minutes <= MOST_MINUTES:
        raise ValidationError({"minutes": "Écrivez une durée entre 1 minute et 24 heures."})


def _short(words: str) -> str:
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise ValidationError({"words": f"Écrivez {LONGEST_WORDS} caractères au plus."})
    return words
