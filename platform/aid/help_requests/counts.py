"""How many needs look for somebody, by kind and by place: never whose."""

from django.db.models import Count, F, QuerySet
from django.utils import timezone

from aid.help_requests.models import HelpRequest


def open_by_place() -> QuerySet[HelpRequest]:
    """Rows `slug` (a kind), `code` (a commune), `part` (a district) and `count`, of what is open and not over."""
    return (
        HelpRequest.objects.looking()
        .filter(ends_at__gt=timezone.now())
        .values(slug=F("kind__slug"), code=F("commune__commune_id"), part=F("district__name"))
        .annotate(count=Count("pk"))
    )
