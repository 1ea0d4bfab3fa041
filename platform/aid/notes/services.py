"""The verbs of notes: write one, erase one. Reading them is noted by the screen that shows them."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Account
from aid.notes.models import LONGEST_NOTE, Note
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_writing
from core.text import tidy_lines


@transaction.atomic
def write_note(person: Person, *, text: str, by_account: Account) -> Note:
    """Keep a note about somebody, sealed, and by whom. Raises ValidationError for one that is empty or too long."""
    kept = tidy_lines(text)
    if not kept:
        raise ValidationError({"text": "Écrivez la note."})
    if len(kept) > LONGEST_NOTE:
        raise ValidationError({"text": f"Cette note est trop longue : {LONGEST_NOTE} signes au plus."})
    note = Note(person=person, written_by=by_account)
    note.seal(kept)
    note.save()
    note_writing(person, screen=SeenOn.NOTES, by_account=by_account)
    return note


@transaction.atomic
def erase_note(note: Note, *, by_account: Account) -> None:
    """Erase a note for good; that somebody did is kept, not what it said."""
    note_writing(note.person, screen=SeenOn.NOTES, by_account=by_account)
    note.delete()
