"""How long welcomes are kept, and who is not in the directory any more."""

from datetime import datetime

from django.db.models import QuerySet

from aid.directory.enums import ENDED
from aid.directory.models import Professional, Referent, Welcome
from aid.privacy.retention import Part, Retention, declare


def old_welcomes(before: datetime) -> QuerySet[Welcome]:
    """Those entrusted before."""
    return Welcome.objects.filter(created_at__lt=before)


def old_referents(before: datetime) -> QuerySet[Referent]:
    """Those who ended before: the person stays, their public words go."""
    return Referent.objects.filter(ended_at__lt=before)


def old_professionals(before: datetime) -> QuerySet[Professional]:
    """Those refused or closed before."""
    return Professional.objects.filter(state__in=ENDED, decided_at__lt=before)


def register() -> None:
    """Called when the app is ready."""
    declare(
        Retention(
            key="welcomes",
            title="Qui a accueilli qui",
            counted_from="l’arrivée de la personne",
            outcome="C’est effacé.",
            because="Cela ne sert plus une fois la personne accueillie.",
            months=12,
            least=1,
            most=36,
            parts=(Part(old_welcomes, lambda numbers: Welcome.objects.filter(pk__in=numbers).delete()),),
        ),
        Retention(
            key="referents",
            title="Ce que montrait un référent qui ne l’est plus",
            counted_from="la fin",
            outcome="C’est effacé. Sa fiche reste.",
            because="Assez longtemps pour reprendre sa place sans tout réécrire.",
            months=12,
            least=1,
            most=36,
            parts=(Part(old_referents, lambda numbers: Referent.objects.filter(pk__in=numbers).delete()),),
        ),
        Retention(
            key="professionals",
            title="Un professionnel refusé, ou dont l’activité est finie",
            counted_from="la décision",
            outcome="Tout est effacé.",
            because="Assez longtemps pour répondre à une question sur cette décision.",
            months=12,
            least=1,
            most=36,
            parts=(Part(old_professionals, lambda numbers: Professional.objects.filter(pk__in=numbers).delete()),),
        ),
    )
