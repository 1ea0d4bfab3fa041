"""The town's daily ceiling of SMS: no mistake, and nobody's mischief, costs it more than that."""

import datetime
import math

from django.db.models import F
from django.utils import timezone

from aid.configuration.services import rules
from aid.notifications.enums import CODE
from aid.notifications.models import SmsDay

# Sign-in codes go on a little after the rest is held: who waits for one is at the door. They are counted too, and
# their reserve has an end, since a code is what a stranger can most easily make us send.
RESERVE_FOR_CODES = 0.2


def take_place(kind: str) -> bool:
    """Count one more SMS of this kind for today, if there is room. Two workers never pass the ceiling together."""
    most = rules().sms_daily_ceiling
    if kind == CODE:
        most += math.ceil(most * RESERVE_FOR_CODES)
    today = _today()
    SmsDay.objects.bulk_create([SmsDay(day=today)], ignore_conflicts=True)
    # The row is locked until the claim is committed; the condition is read again by who waited for it.
    return SmsDay.objects.filter(day=today, taken__lt=most).update(taken=F("taken") + 1) == 1


def hold_back() -> datetime.date | None:
    """Count one more that was held today; answer the day if it is the first, so that the town is told once."""
    today = _today()
    if SmsDay.objects.filter(day=today, held=0).update(held=1):
        return today
    SmsDay.objects.filter(day=today).update(held=F("held") + 1)
    return None


def _today() -> datetime.date:
    return timezone.localdate()
