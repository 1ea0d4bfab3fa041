"""The verbs of an application on the site: send it, prove one's contact, have it taken in.

Nobody is written down before they have typed the code that went to their contact: then who is known already is found
by it, and the site has told nobody whether they are. Who cannot get a code, or has not typed it an hour later, is
written down on a card of their own, never on one that is there: the town calls, and joins the cards if they are one.
Who is signed in, and gives the contact that they proved before, proves it no second time.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import codes, limits
from accounts.models import Account
from aid.configuration.models import KindOfHelp
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.notifications import services as notifications
from aid.notifications.channels import is_written_to
from aid.offers import texts
from aid.offers.models import Application, Means
from aid.offers.services import Offered, keep, offered_by
from aid.onboarding.enums import Source, VolunteerState
from aid.onboarding.models import Step, Volunteer
from aid.onboarding.services import apply
from aid.people import changes
from aid.people.models import Person
from aid.people.services import (
    confirm_email,
    confirm_phone,
    has_first_name,
    locked,
    people_with_email,
    people_with_phone,
    register_person,
)
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind
from aid.territory.models import CoveredCommune
from core.phones import gets_code as receives_code

# Somebody who mistypes tries again; a hall full of people on one connection, at an event, gets through.
MOST_A_DAY_BY_CONTACT, MOST_A_DAY_BY_ADDRESS = 4, 60
SETTLED_AFTER = timedelta(hours=1)
# Nothing of anybody is left in it: its uid alone makes sending again harmless.
KEPT_FOR = timedelta(days=2)
CONFIRMED = ("phone_confirmed_at", "email_confirmed_at")
TOO_MANY = "Nous ne pouvons pas noter d’autre candidature en ligne aujourd’hui."


class LimitReachedError(Exception):
    """Too many came from one contact or one internet address today; the message says so, in French."""


@transaction.atomic
def send(
    *,
    uid: UUID,
    person: dict[str, str],
    commune: CoveredCommune,
    offered: Offered,
    motivation: str = "",
    source: Source = Source.SITE,
    internet_address: str = "",
    by_account: Account | None = None,
) -> Application:
    """Keep an application until its contact is proved, and send the code; the same uid twice is the same one.

    `person` is first name, last name, and a phone in E.164 or an e-mail address; `by_account` is who is signed in.
    Raises ValidationError by field, and LimitReachedError.
    """
    sent = Application.objects.filter(uid=uid).first()
    if sent is not None:
        return sent
    _check(person)
    application = Application(
        uid=uid, source=source, motivation=motivation.strip(), answers=_kept(commune, offered), **person
    )
    try:
        # Sent twice at once, the second waits here for the first, and undoes what it counted.
        with transaction.atomic():
            _count(application.contact, internet_address)
            application.save()
    except (IntegrityError, LimitReachedError):
        sent = Application.objects.filter(uid=uid).first()
        if sent is None:
            raise
        return sent
    if by_account is not None and _was_proved(application, by_account):
        return settle(application, is_proved=True)
    if not gets_code(application):
        return settle(application, is_proved=False)
    send_code(application)
    _settle_later(application)
    return application


def gets_code(application: Application) -> bool:
    """Whether its contact is proved by a code; else somebody calls it."""
    return bool(application.email) or bool(application.phone and receives_code(application.phone))


def send_code(application: Application) -> bool:
    """Send the code that proves its contact; False where as many as an hour allows were sent."""
    return codes.send_counted_code(
        kind="apply.code",
        subject=application.contact,
        purpose=_purpose(application),
        phone=application.phone,
        email=application.email,
    )


@transaction.atomic
def confirm_by_code(application: Application, *, typed: str) -> bool:
    """Whether the code is right; then it is taken in, on the card that the town has of them at this contact if any."""
    right = codes.check_code(
        purpose=_purpose(application), typed=typed, phone=application.phone, email=application.email
    )
    if right:
        settle(application, is_proved=True)
    return right


@transaction.atomic
def settle(application: Application, *, is_proved: bool) -> Application:
    """Take an application in: a person, who is a candidate and offers this. A second time changes nothing."""
    waiting = Application.objects.select_for_update().get(pk=application.pk)
    if waiting.settled_at is not None:
        return waiting
    commune = CoveredCommune.objects.filter(pk=waiting.answers["commune"]).first()
    person = _who(waiting, commune, is_proved=is_proved)
    volunteer = apply(person=person, source=Source(waiting.source), motivation=waiting.motivation)
    _keep_offer(volunteer, waiting.answers)
    consents.give(volunteer.person, kind=ConsentKind.VOLUNTEER, how=Agreed.ON_SCREEN)
    if is_proved:
        _confirm(volunteer.person, email=waiting.email)
        _tell(volunteer.person, waiting)
    else:
        words = texts.number_to_confirm(waiting.contact)
        followups.ask(kind=FollowUpKind.CONFIRM_NUMBER, person=volunteer.person, words=words)
    return _empty(waiting)


def contact_to_confirm(volunteer: Volunteer) -> str:
    """Where an applicant is reached, while nobody has proved it; empty once it is, and for who is no candidate."""
    person = volunteer.person
    is_proved = person.phone_confirmed_at if person.phone else person.email_confirmed_at
    return "" if is_proved or volunteer.state != VolunteerState.CANDIDATE else person.phone or person.email


@transaction.atomic
def confirm_by_agent(volunteer: Volunteer, *, by_account: Account) -> None:
    """An agent reached an applicant there: it is theirs, and nobody need call. A second time changes nothing."""
    person = volunteer.person = locked(volunteer.person)
    if not contact_to_confirm(volunteer):
        return
    before = changes.read(person, CONFIRMED)
    _confirm(person)
    changes.tell(person, before, by_account=by_account)
    followups.settle_of(person, kind=FollowUpKind.CONFIRM_NUMBER, outcome=texts.confirmed(person))


def steps_ahead() -> list[Step]:
    """What the town asks of who wants to help, in its order."""
    return list(Step.objects.required())


def sweep() -> int:
    """Take away what settled applications are kept for no more; answer how many rows."""
    return Application.objects.filter(settled_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _check(person: dict[str, str]) -> None:
    """Raise ValidationError, by field, for names or a contact that no card may have."""
    card = Person(**person)
    card.clean_fields(exclude={field.name for field in Person._meta.fields} - set(person))


def _count(contact: str, internet_address: str) -> None:
    """Count one of this contact and of this internet address. Raises LimitReachedError, in the same words."""
    day = timedelta(days=1)
    within = limits.hit(kind="apply.contact", subject=contact, most=MOST_A_DAY_BY_CONTACT, within=day)
    if internet_address:
        within &= limits.hit(kind="apply.address", subject=internet_address, most=MOST_A_DAY_BY_ADDRESS, within=day)
    if not within:
        raise LimitReachedError(TOO_MANY)


def _kept(commune: CoveredCommune, offered: Offered) -> dict[str, Any]:
    return {
        "commune": commune.pk,
        "kinds": _numbers(offered.kinds),
        "communes": _numbers(offered.communes),
        "radius_km": offered.radius_km,
        "centre": offered.centre.pk if offered.centre else None,
        "slots": list(offered.slots),
        "means": _numbers(offered.means),
    }


def _numbers(rows: Iterable[Any]) -> list[int]:
    return [row.pk for row in rows]


def _who(application: Application, commune: CoveredCommune | None, *, is_proved: bool) -> Person:
    """Who applies. What is known of somebody is not changed from the site."""
    same = _known(application, is_proved=is_proved)
    return same or register_person(
        first_name=application.first_name,
        last_name=application.last_name,
        phone=application.phone,
        email=application.email,
        commune=commune,
    )


def _known(application: Application, *, is_proved: bool) -> Person | None:
    """Whom the town knows by this contact and this first name."""
    sharing = people_with_phone(application.phone) or people_with_email(application.email)
    if not is_proved:
        sharing = [one for one in sharing if _came_so_before(one)]
    return next((one for one in sharing if has_first_name(one, application.first_name)), None)


def _was_proved(application: Application, account: Account) -> bool:
    """Whether who applies is who is signed in, and proved this contact before."""
    same = _known(application, is_proved=True)
    if same is None or same.account_id != account.pk:
        return False
    return bool(same.phone_confirmed_at if application.phone else same.email_confirmed_at)


def _came_so_before(person: Person) -> bool:
    """Whether all that is known of somebody was typed on the site, and never proved: an application sent again."""
    is_typed = person.created_by_id is None and not (person.phone_confirmed_at or person.email_confirmed_at)
    by_site = Volunteer.objects.filter(state=VolunteerState.CANDIDATE, source__in=(Source.SITE, Source.EVENT))
    return is_typed and by_site.filter(person=person).exists()


def _keep_offer(volunteer: Volunteer, answers: dict[str, Any]) -> None:
    """What was ticked, and is still there; what they had said besides stays."""
    kinds = KindOfHelp.objects.offered().filter(pk__in=answers["kinds"])
    centre = CoveredCommune.objects.filter(pk=answers["centre"]).first()
    if not kinds:
        return
    said = offered_by(volunteer) or Offered(kinds=kinds)
    answered = {
        "kinds": kinds,
        "communes": CoveredCommune.objects.filter(pk__in=answers["communes"]),
        "radius_km": answers["radius_km"] if centre else None,
        "centre": centre,
        "slots": answers["slots"],
        "means": Means.objects.filter(pk__in=answers["means"]),
    }
    keep(volunteer, Offered(**vars(said) | answered))


def _confirm(person: Person, *, email: str = "") -> None:
    """By the address that they applied with, else by their number, else by the only one there is."""
    if person.phone and not email:
        confirm_phone(person)
    else:
        confirm_email(person)


def _tell(person: Person, application: Application) -> None:
    """The same words as on the page, to who reads messages: the town calls the others anyhow."""
    if is_written_to(person, "applied"):
        words = texts.applied(person, steps_ahead())
        notifications.send(person=person, kind="applied", key=f"applied:{application.uid}", words=words)


def _empty(application: Application) -> Application:
    for name in ("first_name", "last_name", "phone", "email", "motivation"):
        setattr(application, name, "")
    application.answers, application.settled_at = {}, timezone.now()
    application.save()
    return application


def _settle_later(application: Application) -> None:
    from aid.offers.jobs import settle_unproved

    settle_unproved.defer(application=application.pk, schedule_at=timezone.now() + SETTLED_AFTER)


def _purpose(application: Application) -> str:
    """A code is one application's: wrong tries for another's never use it up."""
    return f"apply:{application.pk}"
