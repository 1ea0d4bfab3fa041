"""Who may erase a note: who wrote it, and who administers the town."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Account
from accounts.roles import Role, roles_of
from aid.notes.models import Note
from aid.people.models import Person


def may_erase(account: Account, note: Note) -> bool:
    """Whether this account may erase this note."""
    return note.written_by_id == account.pk or Role.ADMINISTRATOR in roles_of(account)


def erasable_note(account: Account, person: Person, uid: UUID) -> Note:
    """A note about this person that this account may erase. Raises Http404."""
    note = get_object_or_404(Note.objects.about(person), uid=uid)
    if not may_erase(account, note):
        raise Http404
    return note
