"""What becomes of a birthday when two cards of one person are made one (aid.privacy.merging)."""

from aid.people.models import Person
from aid.recognition.models import Birthday


def merge_birthdays(gone: Person, kept: Person) -> None:
    """Keep one: that of the card that stays, else the other."""
    if Birthday.objects.filter(person=kept).exists():
        Birthday.objects.filter(person=gone).delete()
    else:
        Birthday.objects.filter(person=gone).update(person=kept)
