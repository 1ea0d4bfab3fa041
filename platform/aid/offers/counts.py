"""How many are ready to help, by kind and by place: never who, nor where one of them lives."""

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from aid.offers.models import Absence
from aid.onboarding.models import Volunteer


def ready_by_place() -> QuerySet[Volunteer]:
    """Rows `slug` (a kind), `code` (a commune), `part` (a district), `count`: who is vouched for and not away today."""
    away = Absence.objects.covering(timezone.localdate()).filter(offer=OuterRef("offer"))
    return (
        Volunteer.objects.admitted()
        .filter(~Exists(away), offer__kinds__is_offered=True)
        .values(slug=F("offer__kinds__slug"), code=F("person__commune__commune_id"), part=F("person__district__name"))
        .annotate(count=Count("pk"))
    )
