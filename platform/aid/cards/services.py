"""The verbs of cards: make one, void it, answer who asks whether it is valid.

Whoever makes, voids or checks a card holds its volunteer first: so does who suspends them (aid.onboarding.services),
and once a suspension is kept no check answers « valid ».
"""

import datetime
import hashlib
import secrets
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Func, QuerySet, TextField, Value, When
from django.utils import timezone

from accounts.letters import ALPHABET
from accounts.models import Account
from aid.cards import reminding
from aid.cards.enums import CHOSEN, Outcome, VoidReason
from aid.cards.models import Card
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
KEEPING = """
WITH told AS ({read}), kept AS (
  INSERT INTO cards_cardscan (card_id, at, outcome) SELECT cards__pk, clock_timestamp(), outcome FROM told
)
SELECT * FROM told
"""


@dataclass(frozen=True)
class Checked:
    """What a token is worth; where it is one of this town, until when the card is, whose it is, and the file of their
    photo, if any."""

    outcome: Outcome | None = None
    expires_on: datetime.date | None = None
    first_name: str = ""
    last_name: str = ""
    photo_file: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it is, at that instant."""
        return self.outcome == Outcome.VALID

    @property
    def person(self) -> Person:
        """Whose it is: a row to show, which holds no more than that."""
        return Person(first_name=self.first_name, last_name=self.last_name)

    @property
    def photo(self) -> Photo | None:
        """Their photo, in the same way."""
        return Photo(file=self.photo_file) if self.photo_file else None


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
    return _told(_keeping(timezone.localdate()).first(key))


def look_at(token: str) -> Checked:
    """The same, without holding anybody nor keeping that it was asked: for what comes with the page of a check."""
    return _told(_standing(timezone.localdate()).first(fingerprint(token)))


def worth(card: Card) -> Outcome:
    """What a card is worth now, without holding anybody nor keeping that it was asked."""
    return _told(_standing(timezone.localdate()).first(card.fingerprint)).outcome


def card_of(volunteer: Volunteer) -> Card | None:
    """The card of a volunteer that is valid now, with its token sealed in it; None where there is none."""
    card = Card.objects.standing().filter(volunteer=volunteer).first()
    return card if card and worth(card) == Outcome.VALID else None


def fingerprint(token: str) -> str:
    """What finds a card by its token, and says nothing of it: the token is as long as a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def _hold(volunteer: Volunteer) -> Volunteer:
    return Volunteer.objects.select_for_update(of=["self"], no_key=True).get(pk=volunteer.pk)


def _void(standing: QuerySet[Card], reason: VoidReason | str, by_account: Account | None) -> None:
    reminding.settle(standing)
    standing.update(void_at=timezone.now(), void_reason=reason, voided_by=by_account)


def _told(row: tuple[Any, ...] | None) -> Checked:
    if row is None:
        return Checked()
    _, outcome, *shown = row
    return Checked(Outcome(outcome), *shown)


# Who scans a card waits: these questions are written once, those of a day once a day.
@cache
def _holding() -> Question:
    """Hold the volunteer of a card, by its fingerprint, until the end of the transaction."""
    # By way of the volunteer: the row that is locked is the one that a suspension writes to.
    held = Volunteer.objects.select_for_update(of=["self"], no_key=True).filter(cards__fingerprint=Asked())
    return Question.of(held.values_list("pk", WAITS_FOR_NO_DISK))


# Towns far away may be at another day.
@lru_cache(maxsize=4)
def _standing(day: datetime.date) -> Question:
    """A card by its fingerprint, what it is worth that day, whose it is, and the file of their photo.

    Neither the town's key nor what is sealed: what the page of a check shows.
    """
    outcome = Case(
        When(cards__void_at__isnull=False, then=Value(Outcome.VOID)),
        When(cards__expires_on__lt=day, then=Value(Outcome.EXPIRED)),
        When(is_admitted(day=day), then=Value(Outcome.VALID)),
        default=Value(Outcome.NOT_ADMITTED),
    )
    rows = Volunteer.objects.filter(cards__fingerprint=Asked()).annotate(outcome=outcome)
    of_person = ("person__first_name", "person__last_name", "person__photo__file")
    # As `Checked` holds them, after what the journal does.
    return Question.of(rows.values_list("cards__pk", "outcome", "cards__expires_on", *of_person))


@lru_cache(maxsize=4)
def _keeping(day: datetime.date) -> Question:
    """The same, which keeps in the journal what it answers: one cannot be without the other."""
    read = _standing(day)
    return replace(read, sql=KEEPING.format(read=read.sql))


def _new_number() -> str:
    """« K7M-4QX »: a hundred million, read aloud without a mistake."""
    while True:
        parts = ("".join(secrets.choice(ALPHABET) for _ in range(NUMBER_GROUP)) for _ in range(2))
        number = "-".join(parts)
        if not Card.objects.filter(number=number).exists():
            return number
