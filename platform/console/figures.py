"""Reading the figures of a town each night: numbers, into the platform's own table."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.help_requests.enums import LOOKING, RequestState
from aid.help_requests.models import HelpRequest
from aid.onboarding.models import Volunteer
from aid.people.counting import count_seniors
from console.models import TownFigures
from console.models.figures import AGE, DAYS
from tenants.context import HasSchema, platform_context, town_context
from tenants.models import Town

logger = logging.getLogger(__name__)
UNANSWERED_AFTER = timedelta(hours=48)


@dataclass(frozen=True)
class Figures:
    """What a town is, in numbers."""

    seniors: int
    volunteers: int
    requests: int
    services: int
    unanswered: int


def read_figures(now: datetime) -> Figures:
    """The figures of the town that the connection is in. Numbers alone leave it."""
    today = timezone.localdate(now)
    since = now - timedelta(days=DAYS)
    seniors = count_seniors(age=AGE, on=today)
    asked = HelpRequest.objects.exclude(state=RequestState.DRAFT)
    waiting = asked.filter(state__in=(RequestState.TO_CHECK, *LOOKING), created_at__lt=now - UNANSWERED_AFTER)
    return Figures(
        seniors=sum(seniors.by_commune.values()) + seniors.of_no_commune,
        volunteers=Volunteer.objects.admitted().count(),
        requests=asked.filter(created_at__gte=since, created_at__lte=now).count(),
        services=Fact.objects.filter(
            kind=FactKind.SERVICE_DONE, happened_on__gt=today - timedelta(days=DAYS), happened_on__lte=today
        ).count(),
        unanswered=waiting.count(),
    )


def count_town(town: HasSchema, *, now: datetime) -> None:
    """Read a town's figures and keep them with their hour. A town that fails keeps its numbers, and says so.

    Raises what reading raised, once it is written down: the job is tried again, and logged.
    """
    try:
        with town_context(town):
            found = asdict(read_figures(now))
    except Exception:
        _keep(town, tried_at=now, has_failed=True)
        raise
    _keep(town, tried_at=now, has_failed=False, counted_at=now, **found)


def _keep(town: HasSchema, **values: object) -> None:
    with platform_context():
        kept = Town.objects.filter(schema_name=town.schema_name).first()
        # Erased while it was counted: there is nothing to tell any more.
        if kept is not None:
            TownFigures.objects.update_or_create(town=kept, defaults=values)


def note_failed_jobs() -> int:
    """Write how many jobs of each town failed since a day; answer how many towns have some. On the platform."""
    failures = ProcrastinateJob.objects.filter(
        status="failed",
        procrastinateevent__type="failed",
        procrastinateevent__at__gte=timezone.now() - timedelta(days=1),
    )
    by_town = failures.exclude(args__town=None).order_by().values_list("args__town")
    failed = dict(by_town.annotate(jobs=Count("pk", distinct=True)))
    # Towns that are not counted yet have nothing to be compared with.
    rows = list(TownFigures.objects.select_related("town"))
    changed = [row for row in rows if row.failed_jobs != failed.get(row.town.schema_name, 0)]
    for row in changed:
        row.failed_jobs = failed.get(row.town.schema_name, 0)
    TownFigures.objects.bulk_update(changed, ["failed_jobs"], batch_size=500)
    return len(failed)


def current() -> HasSchema:
    """The town that the connection faces."""
    return connection.tenant
