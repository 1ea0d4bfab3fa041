"""How many are ready to help, by kind and by place: never who, nor where one of them lives."""

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.offers.models import Offer
from aid.offers.services import ready
from aid.onboarding.models import Step, Volunteer


def ready_by_place() -> QuerySet[Offer]:
    """Rows `slug` (a kind), `code` (a commune), `part` (a district), `count`, of who may be asked for it today.

    Kinds of help, and the steps that they ask for, are read now.
    """
    steps, cleared = Step.objects.required_by_kind(), Q(pk__in=[])
    for kind in KindOfHelp.objects.offered():
        theirs = Volunteer.objects.cleared_for(kind, steps=steps.get(kind.pk, []))
        cleared |= Q(kindofhelp=kind, offer__volunteer__in=theirs)
    home = "offer__volunteer__person"
    return (
        Offer.kinds.through.objects.filter(cleared, offer__volunteer__in=ready(timezone.localdate()))
        .values(slug=F("kindofhelp__slug"), code=F(f"{home}__commune__commune_id"), part=F(f"{home}__district__name"))
        .annotate(count=Count("pk"))
    )
