"""The verbs of cards: make one, void it, answer who asks whether it is valid.

Whoever makes, voids or checks a card holds its volunteer first: so does who suspends them (aid.onboarding.services),
and once a suspension is kept no check answers « valid ».
"""

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from functools import cache, lru_cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Func, QuerySet, TextField, Value
from django.utils import timezone

from accounts.letters import ALPHABET
from accounts.models import Account
from aid.cards import reminding
from aid.cards.enums import CHOSEN, Outcome, VoidReason
from aid.cards.models import Card, CardScan
from aid.configuration.services import rules
from aid.onboarding.models import Volunteer, is_admitted
from aid.people.models import Person
from aid.photos.models import Photo
from core.dates import months_after
from core.written import Asked, Question

NOT_ADMITTED = "Une carte se fait pour un bénévole en service."
# 160 bits, in letters and digits that no telephone takes for the end of an address: nobody finds one by trying.
TOKEN_BYTES = 20
NUMBER_GROUP = 3
# Who is at the door is answered before the journal is on the disk: a server that loses its power in that half-second
# loses that line. Asked for along with a question, for the running transaction only.
WAITS_FOR_NO_DISK = Func(
    Value("synchronous_commit"), Value("off"), Value(True), function="set_config", output_field=TextField()
)


@dataclass(frozen=True)
class Checked:
    """What a token is worth, with the card, whose it is and their photo where the token is one of this town: rows to
    show, which hold no more than that."""

    outcome: Outcome | None = None
    card: Card | None = None
    person: Person | None = None
    photo: Photo | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it is, at that instant."""
        return self.outcome == Outcome.VALID


@transaction.atomic
def issue(volunteer: Volunteer, *, by_account: Account | None) -> Card:
    """Make a card for a volunteer who is admitted; the one before is worth nothing any more.

    Raises ValidationError for who is not admitted, SealError where there is no master key.
    """
    held = _hold(volunteer)
    if not Volunteer.objects.admitted(of_few=True).filter(pk=held.pk).exists():
        raise ValidationError(NOT_ADMITTED)
    _void(Card.objects.standing().filter(volunteer=held), VoidReason.REPLACED, by_account)
    token = secrets.token_hex(TOKEN_BYTES)
    card = Card(
        volunteer=held,
        number=_new_number(),
        fingerprint=fingerprint(token),
        expires_on=months_after(timezone.localdate(), rules().card_months),
        issued_by=by_account,
    )
    card.seal(token)
    card.save()
    return card


@transaction.atomic
def void(card: Card, *, reason: VoidReason | str, by_account: Account | None) -> None:
    """Have a card worth nothing any more, from now on. One that is void already keeps its first reason.

    Raises ValidationError for a reason that is not one to choose.
    """
    if reason not in CHOSEN:
        raise ValidationError({"reason": "Choisissez une raison de la liste."})
    _hold(card.volunteer)
    _void(Card.objects.standing().filter(pk=card.pk), reason, by_account)


# Within the transaction of the request: a savepoint would be two more statements.
@transaction.atomic(savepoint=False)
def check(token: str) -> Checked:
    """Whether the card of this token is valid at this instant, kept in its journal. An unknown token is not valid.

    Its volunteer is held until the answer is kept: who suspends them comes before it or after it, never in between.
    """
    key = fingerprint(token)
    if _holding().first(key) is None:
        return Checked()
    # Read once held, by a statement of its own: what changed while we waited is seen.
    found = _as_it_stands(key)
    CardScan.objects.create(card=found.card, outcome=found.outcome)
    return found


def look_at(token: str) -> Checked:
    """The same, without holding anybody nor keeping that it was asked: for what comes with the page of a check."""
    return _as_it_stands(fingerprint(token))


def card_of(volunteer: Volunteer) -> Card | None:
    """The card of a volunteer that is valid now, with its token sealed in it; None where there is none."""
    card = Card.objects.standing().filter(volunteer=volunteer).first()
    is_admitted = Volunteer.objects.admitted(of_few=True).filter(pk=volunteer.pk).exists()
    return card if card and card.outcome(is_admitted=is_admitted) == Outcome.VALID else None


def fingerprint(token: str) -> str:
    """What finds a card by its token, and says nothing of it: the token is as long as a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def _hold(volunteer: Volunteer) -> Volunteer:
    return Volunteer.objects.select_for_update(of=["self"], no_key=True).get(pk=volunteer.pk)


def _void(standing: QuerySet[Card], reason: VoidReason | str, by_account: Account | None) -> None:
    reminding.settle(standing)
    standing.update(void_at=timezone.now(), void_reason=reason, voided_by=by_account)


def _as_it_stands(key: str) -> Checked:
    today = timezone.localdate()
    row = _standing(today).first(key)
    if row is None:
        return Checked()
    number, void_at, expires_on, admitted, first_name, last_name, file = row
    card = Card(pk=number, void_at=void_at, expires_on=expires_on)
    return Checked(
        outcome=card.outcome(is_admitted=admitted, on=today),
        card=card,
        person=Person(first_name=first_name, last_name=last_name),
        photo=Photo(file=file) if file else None,
    )


# Who scans a card waits: both questions are written once, the second once a day.
@cache
def _holding() -> Question:
    """Hold the volunteer of a card, by its fingerprint, until the end of the transaction."""
    # By way of the volunteer: the row that is locked is the one that a suspension writes to.
    held = Volunteer.objects.select_for_update(of=["self"], no_key=True).filter(cards__fingerprint=Asked())
    return Question.of(held.values_list("pk", WAITS_FOR_NO_DISK))


# Towns far away may be at another day.
@lru_cache(maxsize=4)
def _standing(day: datetime.date) -> Question:
    """A card by its fingerprint, whether its volunteer is admitted that day, who they are, and the file of their photo.

    Neither the town's key nor what is sealed: what the page of a check shows.
    """
    rows = Volunteer.objects.filter(cards__fingerprint=Asked()).annotate(
        is_admitted=ExpressionWrapper(is_admitted(day=day), BooleanField())
    )
    shown = ("cards__pk", "cards__void_at", "cards__expires_on", "is_admitted")
    of_person = ("person__first_name", "person__last_name", "person__photo__file")
    return Question.of(rows.values_list(*shown, *of_person))


def _new_number() -> str:
    """« K7M-4QX »: a hundred million, read aloud without a mistake."""
    while True:
        parts = ("".join(secrets.choice(ALPHABET) for _ in range(NUMBER_GROUP)) for _ in range(2))
        number = "-".join(parts)
        if not Card.objects.filter(number=number).exists():
            return number
