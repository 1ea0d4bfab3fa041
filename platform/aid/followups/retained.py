"""How long a follow-up is kept once it is done."""

from aid.followups.models import FollowUp
from aid.privacy.retention import Part, Retention, declare


def register() -> None:
    """Called when the app is ready."""
    declare(
        Retention(
            key="followups",
            title="Une suite à donner qui est faite",
            counted_from="le jour où elle est faite",
            outcome="Elle est effacée.",
            because="Elle sert à ne rien oublier, pas à se souvenir.",
            months=24,
            least=1,
            most=60,
            parts=(
                Part(
                    lambda before: FollowUp.objects.filter(done_at__lt=before),
                    lambda numbers: FollowUp.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        )
    )
