"""Two cards of one person made one: what is kept of each, and the door that is left.

What the other rooms hold of them moves with it: aid.privacy.merging, the only caller of `join_cards`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.letters import forget_codes
from accounts.models import Account
from accounts.roles import is_staff
from accounts.services import close_account
from accounts.sessions import sign_out_everywhere
from aid.people import changes
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import CONTACTS, shut_doors_of_others, usual_channel
from core.phones import receives_sms
from themes.brand import format_telephone

# What is chosen at once, by name: where somebody lives is one answer.
PARTS = {
    "first_name": ("Prénom", ("first_name",)),
    "last_name": ("Nom", ("last_name",)),
    "birth_year": ("Année de naissance", ("birth_year",)),
    "phone": ("Téléphone", ("phone",)),
    "email": ("Adresse e-mail", ("email",)),
    "channel": ("À prévenir", ("channel",)),
    "home": ("Adresse", ("address", "district", "commune")),
}
FIELDS = tuple(field for _, fields in PARTS.values() for field in fields)


class MergeRefusedError(Exception):
    """These two cards cannot be made one; the message says why, in French."""


@dataclass(frozen=True)
class Part:
    """One thing that a card says: as it is on both, and which of them a merge proposes to keep."""

    name: str
    label: str
    kept: str
    gone: str
    takes_gone: bool

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return bool(self.gone) and self.kept != self.gone


def parts(kept: Person, gone: Person) -> list[Part]:
    """What both cards say. Proposed: what is not empty, else the fuller, else the more recent."""
    return [
        Part(name, label, _words(kept, name), _words(gone, name), _is_better(name, gone, kept))
        for name, (label, _) in PARTS.items()
    ]


def fingerprint(kept: Person, gone: Person) -> str:
    """What changes with any of what `parts` shows: who confirms has read these very cards."""
    told = [(one.pk, *(str(getattr(one, field)) for field in FIELDS)) for one in (kept, gone)]
    return salted_hmac("people.merging", repr(told), algorithm="sha256").hexdigest()


def refusal(kept: Person, gone: Person) -> str:
    """Why these cards cannot be made one, as far as they tell; empty if they can."""
    if kept.pk == gone.pk:
        return "C’est la même fiche."
    if kept.merged_into_id or gone.merged_into_id:
        return "Une de ces fiches vient d’être réunie à une autre."
    if (kept.deceased_on is None) != (gone.deceased_on is None):
        return "Une seule de ces deux fiches est celle d’une personne décédée. Notez d’abord le décès sur l’autre."
    return ""


def join_cards(kept: Person, gone: Person, *, take: Collection[str], by_account: Account) -> None:
    """Write on the kept card the parts named in `take` as the other one has them, and leave that one empty.

    Both are locked. The journal of each keeps what it held. Whoever is signed in to the account of either enters anew.
    """
    before, lost = changes.read(kept, FIELDS), changes.read(gone, FIELDS)
    of_gone = ", ".join(filter(None, (gone.full_name, _words(gone, "birth_year"), _words(gone, "phone"))))
    _take_over(kept, gone, take)
    account, gone.account = gone.account, None
    forget_codes(reader=gone.uid)
    _leave_empty(gone, kept)
    _join_doors(kept, account)
    kept.save()
    if kept.account is not None and not is_staff(kept.account):
        shut_doors_of_others(kept)
    changes.tell(gone, lost, by_account=by_account)
    changes.tell(kept, before, by_account=by_account, also={"merged_into": ("", of_gone)})


def _take_over(kept: Person, gone: Person, take: Collection[str]) -> None:
    had = {name: getattr(kept, name) for name in CONTACTS}
    for name in take:
        for field in PARTS[name][1]:
            setattr(kept, field, getattr(gone, field))
    if "phone" in take:
        own = kept.phone_confirmed_at if had["phone"] == gone.phone else None
        kept.phone_confirmed_at = own or gone.phone_confirmed_at
    elif kept.phone == gone.phone:
        kept.phone_confirmed_at = kept.phone_confirmed_at or gone.phone_confirmed_at
    if kept.email == gone.email:
        own = kept.email_confirmed_at if had["email"] == gone.email else None
        kept.email_confirmed_at = own or gone.email_confirmed_at
    # What was closed to her stays so; what she enters by today does too.
    hers = [contact for contact in gone.closed_contacts if contact not in had.values()]
    kept.closed_contacts = [one for one in [*kept.closed_contacts, *hers] if one in {kept.phone, kept.email}]
    if not _can_be_told(kept):
        kept.channel = usual_channel(kept)
    # A contact opens a door if an agent wrote its card down (aid.personal): it brings that along, if all of them came.
    if kept.created_by is None and all(getattr(kept, name) == getattr(gone, name) for name in CONTACTS):
        kept.created_by = gone.created_by
    kept.created_at = min(kept.created_at, gone.created_at)


def _can_be_told(person: Person) -> bool:
    if person.channel == Channel.SMS:
        return bool(person.phone) and receives_sms(person.phone)
    return person.channel != Channel.EMAIL or bool(person.email)


def _leave_empty(gone: Person, kept: Person) -> None:
    for field in FIELDS:
        setattr(gone, field, None if field in {"birth_year", "commune", "district"} else "")
    gone.channel, gone.channels, gone.closed_contacts, gone.deceased_on = Channel.CALL, {}, [], None
    gone.phone_confirmed_at = gone.email_confirmed_at = None
    gone.merged_into, gone.merged_at = kept, timezone.now()
    gone.save()
    Person.objects.filter(merged_into=gone).update(merged_into=kept)


def _join_doors(kept: Person, other: Account | None) -> None:
    """Have one account open: the kept card's, else the other's. Staff's accounts are never tied to a resident's."""
    own = kept.account
    if other is None or is_staff(other) or other == own:
        return
    sign_out_everywhere(other)
    if own is None:
        kept.account = other
        return
    if other.persons.exists():
        return
    freed = {name: getattr(other, name) for name in CONTACTS}
    close_account(other)
    if is_staff(own):
        return
    sign_out_everywhere(own)
    sharing = own.persons.exclude(pk=kept.pk)
    for name, value in freed.items():
        is_hers = value and value == getattr(kept, name) and value not in kept.closed_contacts
        # Who else enters by the account must read there too: else it would open on their things to a stranger.
        if is_hers and not getattr(own, name) and not sharing.exclude(**{name: value}).exists():
            setattr(own, name, value)
    own.save(update_fields=CONTACTS)


def _words(person: Person, name: str) -> str:
    if name == "home":
        return ", ".join(filter(None, (person.address, person.place)))
    value = changes.read(person, [name])[name]
    return format_telephone(value) if name == "phone" and value else value


def _is_better(name: str, gone: Person, kept: Person) -> bool:
    """Whether a merge proposes what the other card says."""
    if name == "channel" or not _words(gone, name):
        return False
    if not _words(kept, name):
        return True
    return _worth(name, gone) > _worth(name, kept)


def _worth(name: str, person: Person) -> tuple[int, float]:
    written = person.created_at.timestamp()
    match name:
        case "first_name" | "last_name":
            return len(getattr(person, name)), 0
        case "phone":
            return int(person.phone_confirmed_at is not None), (
                person.phone_confirmed_at or person.created_at
            ).timestamp()
        case "home":
            return int(bool(person.address)), written
        case _:
            return 0, written
