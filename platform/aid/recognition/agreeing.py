"""What a volunteer agrees to who tells their birthday, and what follows when they do not any more."""

from accounts.models import Account
from aid.people.models import Person
from aid.privacy import consents
from aid.privacy.enums import ConsentKind
from aid.recognition.models import Birthday
from aid.recognition.texts import BIRTHDAY_AGREEMENT, BIRTHDAY_WITHDRAWN, BIRTHDAY_WITHDRAWN_AT_THE_DESK


def register() -> None:
    """Called when the app is ready."""
    consents.declare(
        ConsentKind.BIRTHDAY,
        BIRTHDAY_AGREEMENT,
        when_withdrawn=forget_birthday,
        follows=consents.Follows(BIRTHDAY_WITHDRAWN, BIRTHDAY_WITHDRAWN_AT_THE_DESK),
    )


def forget_birthday(person: Person, by_account: Account | None) -> None:
    """Nothing is wished any more, and the day is not kept."""
    Birthday.objects.filter(person=person).delete()
