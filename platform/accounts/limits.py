"""How often something may be done: counted in a table, so that it holds over processes, restarts and pulses.

Windows are counted from their first try. A refusal is kept like any answer below 500 (tenants.middleware).
"""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Limit

IPV6_SITE = 64  # bits: what one house has of the Internet, all of it under one person's hand
# Each window that opens sweeps a few that ended: the table stays as small as what is going on.
SWEPT_AT_ONCE = 20

COUNT = """
INSERT INTO accounts_limit (kind, subject, tries, ends_at) VALUES (%(kind)s, %(subject)s, 1, %(end)s)
ON CONFLICT (kind, subject) DO UPDATE SET
  tries = CASE WHEN accounts_limit.ends_at <= %(now)s THEN 1 ELSE accounts_limit.tries + 1 END,
  ends_at = CASE WHEN accounts_limit.ends_at <= %(now)s THEN excluded.ends_at ELSE accounts_limit.ends_at END
RETURNING tries
"""


def hit(*, kind: str, subject: str, most: int, within: timedelta) -> bool:
    """Count one more of `kind` by `subject` (a number, an address…): True while there are at most `most` in the window.

    Who is counted is kept as a keyed hash only. Two tries at once are counted one after the other, to the end of the
    request: call it before slower work, and count several kinds in one order everywhere.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"kind": kind, "subject": _hidden(kind, subject), "end": now + within, "now": now})
        (tries,) = cursor.fetchone()
    if tries == 1:
        _sweep()
    return tries <= most


def is_reached(*, kind: str, subject: str, most: int) -> bool:
    """Whether `most` of `kind` were counted by `subject` in the window that is open. Nothing is counted."""
    open_window = Limit.objects.filter(kind=kind, subject=_hidden(kind, subject), ends_at__gt=timezone.now())
    return open_window.filter(tries__gte=most).exists()


def address_of(request: HttpRequest) -> str:
    """Whom a request comes from, for counting: an IPv4 address, or the network of an IPv6 one.

    REMOTE_ADDR is the proxy's where one stands in front. It must then write the visitor's address as the last of
    X-Forwarded-For, dropping or keeping to the left what the visitor wrote there; PROXIES_IN_FRONT says how many such
    proxies follow each other. Without a proxy the header is not read: anybody may write it.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES_IN_FRONT:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        told = seen[max(len(seen) - settings.PROXIES_IN_FRONT, 0)].strip() or told
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or ipaddress.ip_network((address, IPV6_SITE), strict=False)
    return str(address)


def _hidden(kind: str, subject: str) -> str:
    """A hash that says nothing of whom it counts, and is another one in each town."""
    return salted_hmac("accounts.limits", f"{connection.schema_name}:{kind}:{subject}", algorithm="sha256").hexdigest()


def _sweep() -> None:
    ended = Limit.objects.filter(ends_at__lt=timezone.now()).select_for_update(skip_locked=True)
    Limit.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:SWEPT_AT_ONCE])).delete()
