"""How long anybody may wait while a hundred thousand rows are taken away: the longest transaction that locks some."""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from tenants.context import facing, town_context
from tenants.registry import registry

ROWS = 100_000


def populate(count: int) -> None:
    """Invent messages of three years ago in the town that the connection is in."""
    from django.db import connection
    from django.utils import timezone

    from aid.notifications.models import Message

    old = timezone.now() - timedelta(days=3 * 366)
    text = "Visite, Centre, mardi 24 novembre à 14 h. Vous pouvez ? Répondez OUI ou NON. " * 2
    sent = {"kind": "bench", "channel": "sms", "body": text, "state": "sent", "sent_at": old}
    for start in range(0, count, 10_000):
        Message.objects.bulk_create(
            Message(key=f"bench:{number}", recipient=f"+3363998{number % 10_000:04}", **sent)
            for number in range(start, start + 10_000)
        )
    Message.objects.filter(kind="bench").update(created_at=old)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_message")


@contextlib.contextmanager
def timed_batches(times: list[float]) -> Iterator[None]:
    """Time each transaction from its first statement to its commit: no row is locked for longer."""
    from django.db import transaction

    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__
    started: list[float] = []

    def timed_enter(self: transaction.Atomic) -> None:
        started.append(time.perf_counter())
        enter(self)

    def timed_leave(self: transaction.Atomic, *error: object) -> None:
        leave(self, *error)
        began = started.pop()
        if not started:
            times.append((time.perf_counter() - began) * 1000)

    transaction.Atomic.__enter__, transaction.Atomic.__exit__ = timed_enter, timed_leave
    try:
        yield
    finally:
        transaction.Atomic.__enter__, transaction.Atomic.__exit__ = enter, leave


def measure(*, host: str, report: Callable[[str], None], rows: int = ROWS) -> dict[str, float]:
    """Milliseconds of the longest and of the median transaction, and seconds of the whole. Commits in `host`'s town."""
    from aid.privacy import retention

    town, _ = registry.find(host)
    report(f"Effacement de {rows} messages…")
    with town_context(town):
        populate(rows)
    kind = next(one for one in retention.declared() if one.key == "messages")
    times: list[float] = []
    started = time.perf_counter()
    with facing(town), timed_batches(times):
        done = retention.purge(kind)
    seconds = time.perf_counter() - started
    if done != rows:
        raise RuntimeError(f"{done} rows were taken away, of {rows}: that is not what is measured")
    report(f"  {len(times)} lots, {seconds:.1f} s, le plus long {max(times):.0f} ms")
    return {"purge_longest_ms": max(times), "purge_median_ms": statistics.median(times), "purge_s": seconds}
