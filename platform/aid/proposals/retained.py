"""What shows that somebody is still among the town's volunteers."""

from datetime import datetime

from django.db.models import OuterRef, Q

from aid.help_requests.enums import OVER
from aid.privacy import leaving
from aid.privacy.retention import Part, Retention, declare
from aid.proposals.models import Proposal, ProposalQuerySet


def helped(since: datetime) -> ProposalQuerySet:
    """What somebody said yes to that is not over, or was lately."""
    theirs = Proposal.objects.yes().filter(volunteer__person=OuterRef("pk"))
    return theirs.filter(~Q(request__state__in=OVER) | Q(request__ends_at__gte=since))


def old_words(before: datetime) -> ProposalQuerySet:
    """What volunteers wrote back about requests that ended before."""
    return Proposal.objects.filter(request__state__in=OVER, request__ends_at__lt=before).exclude(words_back="")


def forget_words(numbers: list[int]) -> None:
    """Wipe it; that they answered stays."""
    Proposal.objects.filter(pk__in=numbers).update(words_back="")


def register() -> None:
    """Called when the app is ready."""
    leaving.activity(helped)
    declare(
        Retention(
            key="words_back",
            title="Les mots en retour d’un bénévole",
            counted_from="le jour de la demande",
            outcome="Ils sont effacés. On garde la réponse.",
            because="Ils ne servent plus une fois le jour passé.",
            months=6,
            least=1,
            most=60,
            parts=(Part(old_words, forget_words),),
        )
    )
