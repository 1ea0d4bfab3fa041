"""The verbs of persons: find them, write them down, confirm their number, part those who share an account."""

import re
from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.letters import forget_codes
from accounts.models import Account
from accounts.roles import is_staff
from accounts.sessions import sign_out_everywhere
from aid.people import changes, name_keys, newcomers
from aid.people.enums import Channel
from aid.people.models import Person, PersonQuerySet
from aid.territory.models import CoveredCommune, District
from core.phones import beginnings, receives_sms
from core.text import fold, tidy

# What may be typed of a telephone number, and how few digits begin to tell one from another.
_NUMBER = re.compile(r"[\d\s().+/\-\u00a0\u202f]+")
FEWEST_DIGITS = 3
LONGEST_NUMBER = 15
FRANCE = "33"
TIDIED = {"first_name", "last_name", "address"}
# What may open an account, by its name on a person and on an account alike.
CONTACTS = ("phone", "email")


class NotSharedError(Exception):
    """This person enters alone, or has no account, or a colleague's: there is nothing to be taken out of."""


def search_people(text: str, limit: int = 20, *, among: PersonQuerySet | None = None) -> list[Person]:
    """The persons who fit what was typed: words of a name in any order, whole or begun, or some digits of a number.

    Of everybody, or `among` those whom somebody may see.

    Accents, spelling by ear and one wrong letter a word are forgiven. Exact names come first, then names that begin
    so, then names that sound so, then names a letter away. Their place comes along. Nothing typed, nothing found.
    """
    people = (Person.objects.living() if among is None else among).with_list_related_data()
    if _NUMBER.fullmatch(text):
        return _by_number(people, text, limit)
    words = name_keys.words_of(text)
    if not words:
        return []
    found = _by_beginnings(people, words, limit)
    if len(found) < limit:
        found += _by_ear(people.exclude(pk__in=[person.pk for person in found]), words, limit - len(found))
    return found


def people_with_phone(phone: str) -> list[Person]:
    """Who shares a number in E.164, the first known first. An empty number is nobody's."""
    return list(Person.objects.living().with_list_related_data().filter(phone=phone).order_by("pk")) if phone else []


def people_with_email(email: str) -> list[Person]:
    """Who shares an address, the first known first. An empty one is nobody's."""
    return list(Person.objects.living().with_list_related_data().filter(email=email).order_by("pk")) if email else []


def locked(person: Person) -> Person:
    """A person's card as it is, until the end of the transaction: the one that it was merged into, if it was.

    Rows that point at it may be written meanwhile: a job that holds one of its requests does.
    """
    found = Person.objects.select_for_update(of=["self"], no_key=True).select_related("account").get(pk=person.pk)
    return found if found.merged_into_id is None else locked(found.merged_into)


def numbers_of(person: Person) -> list[int]:
    """The number of a card, then those of the cards that were merged into it: what is only added to keeps them."""
    return [person.pk, *person.merged_from.order_by("pk").values_list("pk", flat=True)]


@transaction.atomic
def register_person(
    *,
    first_name: str,
    last_name: str = "",
    phone: str = "",
    email: str = "",
    channel: Channel | None = None,
    commune: CoveredCommune | None = None,
    district: District | None = None,
    address: str = "",
    birth_year: int | None = None,
    created_by: Account | None = None,
) -> Person:
    """Write somebody down, whether or not another has these names or this number.

    Without a channel, a mobile is told by SMS, else an e-mail address by e-mail, else somebody calls. Raises
    ValidationError for a number that cannot be dialled, an SMS to a landline, or a channel without its address.
    """
    person = Person(
        first_name=tidy(first_name),
        last_name=tidy(last_name),
        phone=phone,
        email=email.strip().lower(),
        commune=commune,
        district=district,
        address=tidy(address),
        birth_year=birth_year,
        created_by=created_by,
        channel=channel or Channel.CALL,
    )
    written_later = {"search_name", "search_keys"}
    person.clean_fields(exclude=written_later)
    person.channel = channel or usual_channel(person)
    person.full_clean(exclude=written_later)
    person.save()
    if created_by is not None:
        newcomers.tell(person)
    return person


@transaction.atomic
def confirm_phone(person: Person) -> None:
    """Keep that somebody answered at this number. The first time is the one that is kept."""
    if person.phone and person.phone_confirmed_at is None:
        person.phone_confirmed_at = timezone.now()
        person.save(update_fields=["phone_confirmed_at"])
        _tell_if_new(person)


@transaction.atomic
def confirm_email(person: Person) -> None:
    """Keep that somebody reads at this address. The first time is the one that is kept."""
    if person.email and person.email_confirmed_at is None:
        person.email_confirmed_at = timezone.now()
        person.save(update_fields=["email_confirmed_at"])
        _tell_if_new(person)


@transaction.atomic
def update_person(
    person: Person, *, by_account: Account | None = None, by_person: Person | None = None, **values: Any
) -> Person:
    """Change what is known of somebody, and tell who did it; another number is yet to be confirmed.

    Their account opens by what is theirs only: somebody else may read at the number that they had. Raises
    ValidationError, by field, for a name that cannot be read or a number that cannot be dialled.
    """
    known = locked(person)
    before, email_before = changes.read(known, values), known.email
    if "phone" in values and values["phone"] != known.phone:
        known.phone_confirmed_at = None
    for name, value in values.items():
        setattr(known, name, tidy(value) if name in TIDIED else value)
    known.email = known.email.lower()
    if known.email != email_before:
        known.email_confirmed_at = None
    known.clean_fields(exclude={field.name for field in Person._meta.fields} - set(values))
    known.save()
    changes.tell(known, before, by_account=by_account, by_person=by_person)
    if known.account is not None and not is_staff(known.account):
        shut_doors_of_others(known)
    return known


def shut_doors_of_others(person: Person) -> None:
    """Take a person out of an account that others open too, and from the account what opens it for nobody of it.

    Then whoever is signed in to it is signed out: nobody can tell whose each browser is.
    """
    account = person.account
    contacts = {name: value for name in ("phone", "email") if (value := getattr(account, name))}
    strangers = {name: value for name, value in contacts.items() if getattr(person, name) != value}
    if not strangers:
        return
    for name, value in strangers.items():
        if not account.persons.filter(**{name: value}).exists():
            setattr(account, name, None)
    account.save(update_fields=list(strangers))
    if any(getattr(account, name) for name in strangers) or strangers == contacts:
        person.account = None
        person.save(update_fields=["account"])
        forget_codes(reader=person.uid)
    sign_out_everywhere(account)


def shares_account_with(person: Person) -> list[Person]:
    """Who else enters by the account of a person, the first known first. Staff's accounts are never shared: nobody."""
    if person.account_id is None:
        return []
    entering = Person.objects.filter(account=person.account_id, account__is_superuser=False, account__groups=None)
    return list(entering.exclude(pk=person.pk).order_by("pk"))


def shared_contacts(person: Person, others: Collection[Person]) -> dict[str, str]:
    """The contacts of a person that one of these others has too, by name of field."""
    held = {name: getattr(person, name) for name in CONTACTS}
    return {name: value for name, value in held.items() if value and any(getattr(one, name) == value for one in others)}


@transaction.atomic
def leave_account(
    person: Person,
    *,
    no_longer_theirs: Collection[str] = (),
    by_account: Account | None = None,
    by_person: Person | None = None,
) -> Person:
    """Take a person out of an account that others enter by too; the others keep it, and all that is theirs.

    What they share no longer opens anything to this person: of those contacts, the fields named in `no_longer_theirs`
    are taken off, the others stay as a way to reach them only. A contact that was this person's alone opens the account
    no more. Every browser signed in to the account is signed out: nobody can tell whose each is. Raises NotSharedError.
    """
    account_id = Person.objects.values_list("account", flat=True).get(pk=person.pk)
    # All of them, in the order of `open_door`: of two who leave at once, the second is alone by then.
    entering = Person.objects.select_for_update(of=["self"]).filter(account=account_id, account__isnull=False)
    by_key = {one.pk: one for one in entering.order_by("pk")}
    leaving = by_key.pop(person.pk, None)
    if leaving is None or not by_key or is_staff(leaving.account):
        raise NotSharedError
    before = changes.read(leaving, [*CONTACTS, "channel", "closed_contacts"])
    account, shared = leaving.account, shared_contacts(leaving, by_key.values())
    for name in CONTACTS:
        if getattr(account, name) and getattr(account, name) == getattr(leaving, name) and name not in shared:
            setattr(account, name, None)
    account.save(update_fields=CONTACTS)
    sign_out_everywhere(account)
    forget_codes(reader=leaving.uid)
    leaving.account = None
    for name, value in shared.items():
        if name in no_longer_theirs:
            _take_off(leaving, name)
        elif value not in leaving.closed_contacts:
            leaving.closed_contacts.append(value)
    leaving.save()
    changes.tell(leaving, before, by_account=by_account, by_person=by_person)
    return leaving


def _take_off(person: Person, name: str) -> None:
    """Forget a contact of somebody, and tell them by what is left."""
    setattr(person, name, "")
    if name == "phone":
        person.phone_confirmed_at = None
    else:
        person.email_confirmed_at = None
    used = {"phone": {Channel.SMS, Channel.CALL}, "email": {Channel.EMAIL}}[name]
    if person.channel in used:
        person.channel = usual_channel(person)


@transaction.atomic
def reopen_contacts(person: Person, *, by_account: Account | None = None) -> Person:
    """Let a person in again by what opened nothing to them since they left an account."""
    known = locked(person)
    before = changes.read(known, ["closed_contacts"])
    known.closed_contacts = []
    known.save(update_fields=["closed_contacts"])
    changes.tell(known, before, by_account=by_account)
    return known


def possible_duplicates(
    *,
    first_name: str,
    last_name: str = "",
    phone: str = "",
    birth_year: int | None = None,
    limit: int = 10,
    among: PersonQuerySet | None = None,
) -> list[Person]:
    """Who may be the same person: the same number, or names that sound alike and the same year of birth.

    A hint to show, never a reason to refuse: a couple shares a telephone. Of everybody, or `among` some.
    """
    alike = Q(phone=phone) if phone else Q(pk=None)
    sounds = [name_keys.sounding(word) for word in name_keys.words_of(f"{first_name} {last_name}")]
    if birth_year is not None and sounds:
        alike |= Q(birth_year=birth_year, search_keys__contains=sounds)
    people = (Person.objects.living() if among is None else among).with_list_related_data()
    return list(people.filter(alike).order_by("search_name", "pk")[:limit])


def _by_beginnings(people: QuerySet, words: list[str], limit: int) -> list[Person]:
    """Names with a word that begins by each of those; those with just these words first."""
    padded = Concat(Value(" "), F("search_name"), Value(" "))
    whole = Q()
    for word in words:
        whole &= Q(padded__contains=f" {word} ")
    found = people.filter(search_keys__contains=[name_keys.beginning(word) for word in words])
    rank = Case(When(search_name=" ".join(words), then=Value(0)), When(whole, then=Value(1)), default=Value(2))
    return list(found.alias(padded=padded).order_by(rank, "search_name", "pk")[:limit])


def _by_ear(people: QuerySet, words: list[str], limit: int) -> list[Person]:
    """Names that sound like each of those words, or are a letter away from it; the former first."""
    heard, near = Q(), Q()
    for word in words:
        sounds = [name_keys.beginning(word), name_keys.sounding(word)]
        heard &= Q(search_keys__overlap=sounds)
        near &= Q(search_keys__overlap=[*sounds, *sorted(name_keys.slips(word))])
    rank = Case(When(heard, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(people.filter(near).order_by(rank, "search_name", "pk")[:limit])


def _by_number(people: QuerySet, text: str, limit: int) -> list[Person]:
    """Numbers that begin by these digits, as French people or the world write them; else that hold them."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))[:LONGEST_NUMBER]
    if len(digits) < FEWEST_DIGITS:
        return []
    # Without a country, a number begins by 0; its middle or its end may also be all that was noted.
    is_international = text.strip().startswith("+") or digits.startswith("00")
    if is_international and digits.removeprefix("00").startswith(FRANCE):
        digits, is_international = "0" + digits.removeprefix("00").removeprefix(FRANCE), False
    if is_international:
        matching = Q(phone__startswith="+" + digits.removeprefix("00"))
    elif digits.startswith("0"):
        matching = reduce(or_, (Q(phone__startswith=beginning) for beginning in beginnings(digits)))
    else:
        matching = Q(phone__contains=digits)
    return list(people.filter(matching).order_by("phone", "search_name", "pk")[:limit])


def usual_channel(person: Person) -> Channel:
    """By which channel somebody is told who said nothing of it."""
    if person.phone and receives_sms(person.phone):
        return Channel.SMS
    return Channel.EMAIL if person.email else Channel.CALL


def has_first_name(person: Person, first_name: str) -> bool:
    """Whether somebody answers to this first name, accents and capitals aside."""
    return fold(person.first_name) == fold(first_name)


def who_answers_to(first_name: str, sharing: Iterable[Person]) -> Person | None:
    """Who of those who share a number has this first name: whose number is confirmed before others."""
    same = [person for person in sharing if has_first_name(person, first_name)]
    return min(same, key=lambda person: person.phone_confirmed_at is None, default=None)


def _tell_if_new(person: Person) -> None:
    """Who came by themselves is new to the town once one of their contacts answered (newcomers)."""
    if person.created_by_id is None:
        newcomers.tell(person)
