"""What somebody agrees to who wants to help, and what follows when they stop."""

from django.utils import timezone

from accounts.models import Account
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.offers import texts
from aid.onboarding.enums import LEAVE, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import take
from aid.people.models import Person
from aid.privacy import consents
from aid.privacy.enums import ConsentKind

FOLLOWS = consents.Follows(
    "Si vous le retirez, vous arrêtez d’être bénévole, ou votre candidature s’arrête là. Vous pourrez revenir.",
    "Cette personne ne sera plus bénévole, ou sa candidature s’arrêtera là.",
)


def register() -> None:
    """Called when the app is ready."""
    consents.declare(ConsentKind.VOLUNTEER, texts.AGREEMENT, when_withdrawn=stop_helping, follows=FOLLOWS)


def stop_helping(person: Person, by_account: Account | None) -> None:
    """Who agrees no more is a volunteer no more."""
    volunteer = Volunteer.objects.exclude(state=VolunteerState.LEFT).filter(person=person).first()
    if volunteer is not None:
        stop(volunteer, words=texts.WITHDRAWN, by_account=by_account)


def stop(volunteer: Volunteer, *, words: str = "", by_account: Account | None = None) -> Volunteer:
    """See a volunteer off who wants to stop, and have the town look at what was planned with them. Twice is once."""
    left = take(volunteer, LEAVE, by_account=by_account, words=words)
    followups.ask(
        kind=FollowUpKind.ONBOARDING,
        person=volunteer.person,
        key=f"stopped:{volunteer.pk}:{timezone.localdate().isoformat()}",
        words=texts.stopped(words),
    )
    return left
