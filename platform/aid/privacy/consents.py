"""To what people agree: in which words, given how, and taken back. Rooms say the words, and hear of the end."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from aid.people.models import Person
from aid.people.services import numbers_of
from aid.privacy.enums import Agreed, ConsentKind
from aid.privacy.models import Consent, ConsentText

Listener = Callable[[Person, Account | None], None]


@dataclass(frozen=True)
class Follows:
    """What follows when an agreement is taken back, as its person reads it, and as an agent does."""

    told: str
    told_at_desk: str


_words: dict[ConsentKind, str] = {}
_listeners: dict[ConsentKind, list[Listener]] = {}
_follows: dict[ConsentKind, Follows] = {}


class NotGivenError(Exception):
    """There is no such agreement to take back."""


def declare(kind: ConsentKind, words: str, *, when_withdrawn: Listener, follows: Follows) -> None:
    """Say the words that people agree to, and what follows when one does not any more. From `ready()`."""
    _words[kind] = words
    _listeners[kind] = [when_withdrawn]
    _follows[kind] = follows


def words_of(kind: ConsentKind) -> str:
    """What people agree to today."""
    return _words[kind]


@transaction.atomic
def give(person: Person, *, kind: ConsentKind, how: Agreed | str, by_account: Account | None = None) -> Consent:
    """Keep that somebody agrees to the words of today."""
    return Consent.objects.create(
        person=person, text=_text_of_today(kind), is_given=True, how=how, by_account=by_account
    )


@transaction.atomic
def withdraw(person: Person, *, kind: ConsentKind, how: Agreed | str, by_account: Account | None = None) -> Consent:
    """Keep that somebody does not agree any more, and do what follows. Raises NotGivenError; a second time does too."""
    # Of two at once, one passes.
    known = Person.objects.select_for_update(of=["self"], no_key=True).filter(pk=person.pk).first()
    last = known and _last(known, kind)
    if last is None or not last.is_given:
        raise NotGivenError
    taken_back = Consent.objects.create(person=known, text=last.text, is_given=False, how=how, by_account=by_account)
    for listener in _listeners[kind]:
        listener(known, by_account)
    return taken_back


@dataclass(frozen=True)
class Standing:
    """Where an agreement stands: the last thing that was said of it."""

    kind: ConsentKind
    last: Consent

    @property
    def follows(self) -> Follows:
        """What follows when it is taken back."""
        return _follows[self.kind]


def standing(person: Person) -> list[Standing]:
    """What somebody agreed to, and whether they still do; in one query, whatever there is to agree to."""
    last = {one.text.kind: one for one in _said(person).order_by("text__kind", "-pk").distinct("text__kind")}
    return [Standing(kind, last[kind]) for kind in ConsentKind if kind in last]


def _said(person: Person) -> QuerySet[Consent]:
    return Consent.objects.filter(person__in=numbers_of(person)).select_related("text", "by_account")


def _last(person: Person, kind: ConsentKind) -> Consent | None:
    return _said(person).filter(text__kind=kind).order_by("-pk").first()


def _text_of_today(kind: ConsentKind) -> ConsentText:
    """The version with the words of today; a new one where they changed."""
    while True:
        last = ConsentText.objects.filter(kind=kind).order_by("-version").first()
        if last is not None and last.words == _words[kind]:
            return last
        new = ConsentText(kind=kind, version=last.version + 1 if last else 1, words=_words[kind])
        # Of two who are the first to agree to new words, one writes them.
        ConsentText.objects.bulk_create([new], ignore_conflicts=True)
