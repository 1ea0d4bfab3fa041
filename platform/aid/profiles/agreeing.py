"""What somebody agrees to who is presented on the site, and what follows when they do not any more."""

from accounts.models import Account
from aid.moderation import services as moderation
from aid.people.models import Person
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind
from aid.profiles import reaching
from aid.profiles.models import Profile
from aid.profiles.moderating import KIND
from aid.profiles.texts import AGREEMENT, WITHDRAWN, WITHDRAWN_AT_THE_DESK


def register() -> None:
    """Called when the app is ready."""
    consents.declare(
        ConsentKind.PROFILE,
        AGREEMENT,
        when_withdrawn=take_off,
        follows=consents.Follows(WITHDRAWN, WITHDRAWN_AT_THE_DESK),
    )
    reaching.register()


def take_off(person: Person, by_account: Account | None) -> None:
    """Take a presentation off the site at once, and keep nothing of it.

    The row stays, empty: what the town took off does not come back by withdrawing and beginning again.
    """
    how = Agreed.SPOKEN if by_account else Agreed.ON_SCREEN
    reaching.show(person, phone=False, email=False, how=how, by_account=by_account)
    for number in Profile.objects.filter(person=person).values_list("pk", flat=True):
        # First what moderation keeps, as whoever decides of it does.
        moderation.withdraw(subject=(KIND, number))
        profile = Profile.objects.select_for_update().get(pk=number)
        profile.interests.clear()
        profile.words, profile.published_at = "", None
        profile.save(update_fields=["words", "published_at", "changed_at"])
