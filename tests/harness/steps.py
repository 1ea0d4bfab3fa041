"""Steps of volunteers, for the tests of every room that meets them."""

import datetime
from typing import Any

from django.utils import timezone

from aid.onboarding.enums import Source, StepKind
from aid.onboarding.models import Charter, Step, Volunteer
from aid.onboarding.passing import publish_charter
from aid.onboarding.services import apply
from harness.loop import somebody

CHARTER = "Nous venons les mains vides.\nNous gardons pour nous ce qui nous est confié."


def a_step(kind: StepKind, name: str = "", **fields: Any) -> Step:
    """A step that the town asks for, after those that it asks for already."""
    if kind == StepKind.TRAINING:
        fields = {"minutes": 300} | fields
    return Step.objects.create(kind=kind, name=name or kind.label.capitalize(), position=100, **fields)


def without_steps() -> None:
    """Forget those of the town's blueprint: a test names its own."""
    Step.objects.all().delete()


def a_charter(text: str = CHARTER, *, asked_in: int = 0) -> Charter:
    """A version of the charter, asked for in some days."""
    return publish_charter(text=text, asked_from=in_days(asked_in), by_account=None)


def a_candidate(first_name: str = "Nadia", phone: str = "+33639980002", **fields: Any) -> Volunteer:
    """Somebody who applied on the site."""
    return apply(person=somebody(first_name, phone, **fields), source=Source.SITE, motivation="J’ai du temps le jeudi.")


def in_days(days: int) -> datetime.date:
    """A day of the town, from today."""
    return timezone.localdate() + datetime.timedelta(days=days)


def hour_in_days(days: int, hour: int = 14) -> datetime.datetime:
    """An hour of the town, some days from today."""
    return timezone.make_aware(datetime.datetime.combine(in_days(days), datetime.time(hour)))
