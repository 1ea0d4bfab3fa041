"""What happens when several do it at the same instant: real commits, from several connections."""

import threading
from collections.abc import Callable

from django.db import connections

from tenants.context import town_context
from tenants.registry import TownEntry


def all_at_once(works: list[Callable[[], object]], *, town: TownEntry | None = None) -> list[object]:
    """Call these in as many threads, released together; what each answered or raised.

    Each is in a transaction of the town; without one, it enters its own.
    """
    gate, told = threading.Barrier(len(works)), [None] * len(works)

    def one(number: int) -> None:
        gate.wait()
        try:
            if town is None:
                told[number] = works[number]()
            else:
                with town_context(town):
                    told[number] = works[number]()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test reads it)
            told[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
