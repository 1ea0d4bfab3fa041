"""To what somebody agrees whose photo is kept."""

from accounts.models import Account
from aid.people.models import Person
from aid.photos.models import Photo
from aid.privacy import consents
from aid.privacy.enums import ConsentKind

AGREEMENT = (
    "J’accepte que la ville garde ma photo, pour que l’on me reconnaisse : sur ma carte, sur la page qui dit si cette "
    "carte est valable, et à l’accueil. Elle n’est montrée nulle part ailleurs sans un autre accord. Je peux l’enlever "
    "quand je veux."
)


def register() -> None:
    """Called when the app is ready."""
    follows = consents.Follows(
        hers="Si vous le retirez, votre photo est effacée tout de suite. Votre carte n’aura plus que vos initiales.",
        at_desk="Sa photo sera effacée tout de suite.",
    )
    consents.declare(ConsentKind.PHOTO, AGREEMENT, when_withdrawn=erase, follows=follows)


def erase(person: Person, by_account: Account | None) -> None:
    """Take the photo away: somebody does not agree any more."""
    Photo.objects.filter(person=person).delete()
