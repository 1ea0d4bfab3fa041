"""How long what was read, decided and measured is kept."""

from django.db.models import Q

from aid.moderation.models import Case, RecentText, Sanction
from aid.privacy.retention import Part, Retention, declare


def register() -> None:
    """Called when the app is ready."""
    declare(
        Retention(
            key="moderation",
            title="Un texte relu, et ce qui en a été signalé",
            counted_from="la décision",
            outcome="Il est effacé. On garde, sans mots, ce qui a été décidé et quand.",
            because="Assez longtemps pour répondre à une plainte.",
            months=12,
            least=1,
            most=36,
            parts=(
                Part(
                    lambda before: Case.objects.closed().filter(closed_at__lt=before),
                    lambda numbers: Case.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        ),
        Retention(
            key="sanctions",
            title="Une mesure qui est finie",
            counted_from="le jour où elle finit, ou est levée",
            outcome="Elle est effacée.",
            because="Elle sert si les faits recommencent, pas à poursuivre quelqu’un.",
            months=24,
            least=6,
            most=60,
            parts=(
                Part(
                    lambda before: Sanction.objects.filter(
                        Q(lifted_at__lt=before)
                        | Q(kind="mute", ends_at__lt=before)
                        | Q(kind="warning", starts_at__lt=before)
                    ),
                    lambda numbers: Sanction.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        ),
        Retention(
            key="sketches",
            title="L’empreinte d’un texte récent",
            counted_from="sa publication",
            outcome="Elle est effacée.",
            because="Elle ne sert que sept jours : les plus anciennes partent dès qu’un texte arrive.",
            months=1,
            least=1,
            most=1,
            parts=(
                Part(
                    lambda before: RecentText.objects.filter(at__lt=before),
                    lambda numbers: RecentText.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        ),
    )
