"""The word said at the door: chosen by who opens it, read by who comes while they are awaited, and by nobody else."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Account
from aid.cards.models import SpokenWord
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.people.services import locked
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading, note_writing
from core.sealing import SealError
from core.text import fold, tidy

SHORTEST, LONGEST = 3, 40
EMPTY = "Écrivez un mot."
TOO_SHORT = f"Choisissez un mot de {SHORTEST} lettres au moins."
TOO_LONG = f"Choisissez un mot plus court : {LONGEST} signes au plus."
GUESSED = "Choisissez un mot que l’on ne devine pas : ni votre nom, ni votre prénom."


@transaction.atomic
def keep_word(person: Person, *, text: str, by_account: Account | None = None) -> SpokenWord:
    """Keep somebody's word, in place of the one before. Without an account, they chose it themselves.

    Raises ValidationError, under `text`, for one that would not do; SealError where there is no master key.
    """
    known = locked(person)
    kept = tidy(text)
    _refuse(known, kept)
    SpokenWord.objects.filter(person=known).delete()
    word = SpokenWord(person=known, noted_by=by_account)
    word.seal(kept)
    word.save()
    _note(known, by_account)
    return word


@transaction.atomic
def forget_word(person: Person, *, by_account: Account | None = None) -> None:
    """Take somebody's word away. Where there is none, nothing is left to do."""
    known = locked(person)
    gone, _ = SpokenWord.objects.filter(person=known).delete()
    if gone:
        _note(known, by_account)


def read_word(person: Person, *, by_account: Account) -> str | None:
    """Somebody's word, to an agent whom she asked on the telephone; None where there is none. It is journalled.

    Raises SealError.
    """
    word = SpokenWord.objects.filter(person=person).first()
    if word is None:
        return None
    note_reading(person, screen=SeenOn.WORD, by_account=by_account)
    return word.get_sealed_display()


def word_for(volunteer: Volunteer, person: Person) -> str:
    """The word to say at somebody's door, to the volunteer who goes there; empty where there is none. Journalled.

    Whoever is not admitted any more reads none; neither does anybody while the key is missing.
    """
    word = SpokenWord.objects.filter(person=person).first()
    if word is None or not Volunteer.objects.admitted(of_few=True).filter(pk=volunteer.pk).exists():
        return ""
    try:
        text = word.get_sealed_display()
    except SealError:
        return ""
    note_reading(person, screen=SeenOn.WORD, by_person=volunteer.person)
    return text


def _refuse(person: Person, text: str) -> None:
    """Raise ValidationError for a word that would not do."""
    if not text:
        raise ValidationError({"text": EMPTY})
    if len(text) > LONGEST:
        raise ValidationError({"text": TOO_LONG})
    if sum(char.isalpha() for char in text) < SHORTEST:
        raise ValidationError({"text": TOO_SHORT})
    if fold(text) in {fold(name) for name in (person.first_name, person.last_name, person.full_name)}:
        raise ValidationError({"text": GUESSED})


def _note(person: Person, by_account: Account | None) -> None:
    by_person = person if by_account is None else None
    note_writing(person, screen=SeenOn.WORD, by_account=by_account, by_person=by_person)
