"""How long certificates that were given are kept."""

from aid.privacy.retention import Part, Retention, declare
from aid.recognition.models import Certificate


def register() -> None:
    """Called when the app is ready."""
    declare(
        Retention(
            key="certificates",
            title="Une attestation de bénévolat",
            counted_from="le jour où elle est faite",
            outcome="La ville n’en garde plus trace. Une nouvelle se fait d’après les services rendus.",
            because="Elle sert à dire, à qui la reçoit, qu’elle est vraie.",
            months=60,
            least=12,
            most=120,
            parts=(
                Part(
                    lambda before: Certificate.objects.filter(issued_on__lt=before.date()),
                    lambda numbers: Certificate.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        )
    )
