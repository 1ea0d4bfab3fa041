"""The town's ceilings of SMS, by day and by month: no mistake, and nobody's mischief, costs it more than that."""

import datetime
import math

from django.db.models import F, Sum
from django.utils import timezone

from aid.configuration.services import rules
from aid.notifications import texts
from aid.notifications.alerts import Alert, AlertKind, tell
from aid.notifications.enums import CODE
from aid.notifications.models import Message, SmsDay
from core.gsm import segments

# Sign-in codes go on a little after the rest is held: who waits for one is at the door. They are counted too, and
# their reserve has an end, since a code is what a stranger can most easily make us send.
RESERVE_FOR_CODES = 0.2
# The town is told when this much of the month's budget is spent: there is time to ask for more.
WARNING = 0.8


def take_place(message: Message) -> bool:
    """Count what one more message is paid for, today, if there is room. Two workers never pass a ceiling together."""
    known, price, today = rules(), segments(message.body), _today()
    SmsDay.objects.bulk_create([SmsDay(day=today)], ignore_conflicts=True)
    # Locked until the claim is committed: whoever waits for it reads the count anew.
    day = SmsDay.objects.select_for_update().get(day=today)
    if day.taken + price > _most(known.sms_daily_ceiling, message.kind):
        return False
    if known.sms_monthly_budget is not None:
        if is_month_spent(message):
            return False
        before = _taken_this_month(today)
        _warn(known.sms_monthly_budget, before=before, after=before + price, today=today)
    day.taken += price
    day.save(update_fields=["taken"])
    return True


def is_month_spent(message: Message) -> bool:
    """Whether the budget of the month, if the town has one, leaves no room for this SMS."""
    budget = rules().sms_monthly_budget
    if budget is None:
        return False
    return _taken_this_month(_today()) + segments(message.body) > _most(budget, message.kind)


def hold_back() -> datetime.date | None:
    """Count one more that was held today; answer the day if it is the first, so that the town is told once."""
    today = _today()
    SmsDay.objects.bulk_create([SmsDay(day=today)], ignore_conflicts=True)
    if SmsDay.objects.filter(day=today, held=0).update(held=1):
        return today
    SmsDay.objects.filter(day=today).update(held=F("held") + 1)
    return None


def _warn(budget: int, *, before: int, after: int, today: datetime.date) -> None:
    if before < budget * WARNING <= after:
        words = texts.budget_nearly_spent(after, budget)
        tell(Alert(kind=AlertKind.SMS_BUDGET, key=f"sms-budget:{today:%Y-%m}", words=words))


def _most(ceiling: int, kind: str) -> int:
    return ceiling + math.ceil(ceiling * RESERVE_FOR_CODES) if kind == CODE else ceiling


def _taken_this_month(today: datetime.date) -> int:
    month = SmsDay.objects.filter(day__gte=today.replace(day=1), day__lte=today)
    return month.aggregate(taken=Sum("taken"))["taken"] or 0


def _today() -> datetime.date:
    return timezone.localdate()
