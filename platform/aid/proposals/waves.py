"""Waves: where a kind of help asks so many volunteers at a time, who comes first, and when the next ones are asked.

A wave follows the proposal that was the last one when it was asked for: that number is its name, so that a job that
runs twice, or late, finds that its wave was asked and does nothing.
"""

import datetime

from django.db.models import Case, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from aid.configuration.services import rules
from aid.followups.services import told_keys
from aid.help_requests.models import HelpRequest
from aid.notifications.quiet import quiet_until
from aid.onboarding.models import Volunteer
from aid.proposals.enums import Answer, Way
from aid.proposals.models import Proposal
from aid.proposals.times import rings_at_night
from geography.services import kilometres_between


def size_of(request: HelpRequest) -> int | None:
    """How many are asked at a time; None for all."""
    return request.kind.wave_size


def last_of(request: HelpRequest) -> int:
    """The number of the last proposal of a request; 0 where there is none."""
    return request.proposals.aggregate(last=Max("pk", default=0))["last"]


def was_asked_after(request: HelpRequest, after: int) -> bool:
    """Whether the wave that follows a proposal was asked already. Without waves, whoever is new is always asked."""
    return size_of(request) is not None and request.proposals.filter(way=Way.ROUND, pk__gt=after).exists()


def next_of(request: HelpRequest, volunteers: QuerySet[Volunteer, Volunteer]) -> QuerySet[Volunteer, Volunteer]:
    """Those of the next wave: the same district, the same commune, the nearest, then least recently asked; or all."""
    size = size_of(request)
    if size is None:
        return volunteers
    home = [When(person__commune=request.commune_id, then=Value(1))]
    if request.district_id is not None:
        home.insert(0, When(person__district=request.district_id, then=Value(0)))
    asked = Proposal.objects.filter(volunteer=OuterRef("pk")).order_by("-asked_at").values("asked_at")
    order = [F("home").asc(), F("asked_last").asc(nulls_first=True), F("pk").asc()]
    found = volunteers.annotate(
        home=Case(*home, default=Value(2), output_field=IntegerField()), asked_last=Subquery(asked[:1])
    )
    if request.commune.commune.latitude is not None:
        # From where they live; from where they start, for who did not say.
        lives, starts = (
            kilometres_between(request.commune.commune, field)
            for field in ("person__commune__commune", "offer__centre__commune")
        )
        found = found.annotate(kilometres=Coalesce(lives, starts))
        order.insert(1, F("kilometres").asc(nulls_last=True))
    return found.order_by(*order)[:size]


def is_out(request: HelpRequest) -> bool:
    """Whether some of a wave, who were told of it, have not answered yet: the next one waits for its hour."""
    if size_of(request) is None:
        return False
    asked = request.proposals.asked().only("pk", "times_asked")
    return bool(told_keys([one.key("proposal") for one in asked]))


def awaits(request: HelpRequest) -> bool:
    """Whether an answer, or a choice among candidates, is awaited; of waves, from somebody who was told."""
    waiting = request.proposals.waiting()
    if size_of(request) is None:
        return waiting.exists()
    return is_out(request) or waiting.filter(answer=Answer.CANDIDATE).exists()


def ask_for_next(request: HelpRequest, *, at_once: bool = False) -> None:
    """Have the next wave asked once this one has had its time; or at once, where nobody of it is left to answer."""
    from aid.proposals.jobs import ask_next

    if at_once or size_of(request) is not None:
        due = None if at_once else due_at(request, timezone.now())
        ask_next.defer(request=request.pk, after=last_of(request), schedule_at=due)


def due_at(request: HelpRequest, now: datetime.datetime) -> datetime.datetime:
    """When the next wave of a request is due: no night holds it, where it is that urgent."""
    minutes = request.kind.wave_minutes
    return now + datetime.timedelta(minutes=minutes) if rings_at_night(request, now) else next_at(now, minutes=minutes)


def next_at(now: datetime.datetime, *, minutes: int) -> datetime.datetime:
    """When the next wave is due: so many minutes later, none of them in the town's quiet hours, when no SMS leaves."""
    known = rules()
    due = (quiet_until(known, now) or now) + datetime.timedelta(minutes=minutes)
    return quiet_until(known, due) or due
