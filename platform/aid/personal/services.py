"""What somebody may change themselves, and how they first get through the door (accounts.doors).

Only what was confirmed, or entered by an agent, opens a door: a number that somebody typed on the site does not.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Account
from accounts.roles import is_staff
from accounts.sessions import sign_out_everywhere
from aid.people import changes
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import confirm_phone, has_first_name, locked, register_person
from aid.relations import services as relations
from aid.relations.enums import Deed, Scope
from aid.relations.models import Mandate
from core.phones import receives_sms


def channels_of(person: Person) -> list[Channel]:
    """By which channels a person can be told, with what the town knows of them."""
    possible = {
        Channel.SMS: bool(person.phone) and receives_sms(person.phone),
        Channel.EMAIL: bool(person.email),
        Channel.CALL: bool(person.phone),
    }
    return [channel for channel in Channel if possible[channel]]


@transaction.atomic
def choose_channel(person: Person, *, channel: Channel, mandate: Mandate | None = None) -> Person:
    """Keep by which channel a person wants to be told: they said so, or who acts for them under a mandate did.

    Raises ValidationError for one without its number, and NoMandateError.
    """
    return _keep_choice(person, "channel", channel, mandate)


@transaction.atomic
def choose_channels(person: Person, *, channels: dict[str, str], mandate: Mandate | None = None) -> Person:
    """Keep by which way a person wants to be told of each thing, by purpose; as for `choose_channel`."""
    return _keep_choice(person, "channels", channels, mandate)


def _keep_choice(person: Person, name: str, choice: Any, mandate: Mandate | None) -> Person:
    held = relations.hold(mandate, Scope.CHANNEL) if mandate is not None else None
    known = locked(person)
    before = changes.read(known, [name])
    setattr(known, name, choice)
    known.full_clean(exclude=["search_name", "search_keys"])
    known.save(update_fields=[name])
    changes.tell(known, before, by_person=known if held is None else held.representative)
    if held is not None:
        relations.note_deed(Deed.CHANGED_CHANNEL, mandate=held)
    return known


def knows_contact(*, phone: str = "", email: str = "") -> bool:
    """Whether `open_door` would give an account."""
    typed = _contact(phone, email)
    account = Account.objects.filter(**typed).first()
    known, invitation = list(_known(typed)), relations.awaits(**typed)
    if account is not None:
        return account.is_active
    if not known:
        return invitation is not None
    return any(person.account is None or _may_have(person.account, typed) for person in known)


@transaction.atomic
def open_door(*, phone: str = "", email: str = "") -> Account | None:
    """The account that a number (E.164) or an address opens, made for whom the town knows; None for others.

    Who shares it shares the account. Who has one by their number may come in by their address, and the other way
    round, unless the account is also somebody's who does not read there. Staff's accounts are given nobody's things,
    nor anybody's contact. Who comes beside somebody takes away the password that this one had, and signs everybody
    out. Whom the town does not know comes in too where somebody offered them to act for them there.
    """
    typed = _contact(phone, email)
    known = list(_known(typed).select_for_update(of=["self"]).order_by("pk"))
    account = Account.objects.filter(**typed).first() or _other_account(known, typed)
    if account is None and not known:
        known = _invited(typed)
    waiting = [person for person in known if person.account is None]
    if account is None and waiting:
        account = Account.objects.create_account(**typed)
    if account is None or not account.is_active:
        return None
    if not is_staff(account):
        for person in waiting:
            person.account = account
            person.save(update_fields=["account"])
        if waiting and account.has_usable_password():
            sign_out_everywhere(account)
    return account


def _invited(typed: dict[str, str]) -> list[Person]:
    """Who was offered a mandate at a contact, written down now that they have proved to read there; else nobody."""
    invitation = relations.awaits(**typed)
    if invitation is None:
        return []
    # A number that was typed on the site, and never confirmed, has now been.
    unproved = Person.objects.living().select_for_update(of=["self"]).filter(**typed, account=None, closed_contacts=[])
    same = next((one for one in unproved.order_by("pk") if has_first_name(one, invitation.first_name)), None)
    person = same or register_person(first_name=invitation.first_name, **typed)
    if "phone" in typed:
        confirm_phone(person)
    return [person]


def _contact(phone: str, email: str) -> dict[str, str]:
    return {"phone": phone} if phone else {"email": email.strip().lower()}


def _known(typed: dict[str, str]) -> QuerySet[Person]:
    if not any(typed.values()):
        return Person.objects.none()
    entered = Q(created_by__isnull=False)
    if "phone" in typed:
        entered |= Q(phone_confirmed_at__isnull=False)
    else:
        entered |= Q(email_confirmed_at__isnull=False)
    # Who left the account of those who share a contact does not come back by it.
    (contact,) = typed.values()
    staying = ~Q(closed_contacts__contains=[contact])
    return Person.objects.living().filter(entered, staying, **typed).select_related("account")


def _other_account(known: list[Person], typed: dict[str, str]) -> Account | None:
    """The account that these persons have by another contact, which this one opens too from now on."""
    account = next((one.account for one in known if one.account and _may_have(one.account, typed)), None)
    if account is not None:
        for name, value in typed.items():
            setattr(account, name, value)
        account.save(update_fields=list(typed))
    return account


def _may_have(account: Account, typed: dict[str, str]) -> bool:
    """Whether a contact may open an account that has none of this sort: all its persons are known to read there."""
    (name,) = typed
    if getattr(account, name) or not account.is_active or is_staff(account):
        return False
    return not account.persons.exclude(pk__in=_known(typed).values("pk")).exists()
