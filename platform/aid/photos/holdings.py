"""What this room holds about a person."""

from aid.photos.merging import merge_photos
from aid.photos.models import Photo
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="photos",
            title="Reconnaître les bénévoles",
            persons="Les personnes qui ont donné leur photo.",
            recipients="Les agents de la ville. Qui vérifie la carte d’un bénévole, tant qu’elle est valable.",
            kept=("persons",),
        )
    )
    declare(
        Holding(
            model=Photo,
            path="person",
            title="Votre photo",
            purpose="Vous reconnaître, sur votre carte et à l’accueil.",
            basis=LegalBasis.CONSENT,
            fields=("put_at",),
            on_merge=merge_photos,
        ),
    )
