"""Which town answers on a host: a cache in the process, that the pulse of the public schema keeps true.

One query for each request tells whether any town or domain has changed since, and in which version the town's own
content is. So a new domain is seen by the next request of every process.
"""

import threading
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from tenants import pulse
from tenants.enums import ANSWERING_STATES

MOST_HOSTS_KEPT = 10_000


@dataclass(frozen=True)
class TownEntry:
    """What a process remembers of a town. It can be entered (tenants.context)."""

    id: int
    schema_name: str
    name: str
    kind: str
    state: str
    time_zone: str
    domain: str

    @property
    def answers(self) -> bool:
        """Whether its site is shown."""
        return self.state in ANSWERING_STATES


class Registry:
    """The towns by host, in this process. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = ""
        self._by_host: dict[str, TownEntry] = {}

    def find(self, host: str) -> tuple[TownEntry | None, str]:
        """The town of a host, and the version of what it shows. One query, whether the host is known already or not."""
        known = self._by_host.get(host)
        if known is not None:
            versions = pulse.read(pulse.PUBLIC, known.schema_name)
            with self._lock:
                if versions[pulse.PUBLIC] == self._version and self._by_host.get(host) is known:
                    return known, versions.get(known.schema_name, "")
        entry, town_version, public_version = _load(host)
        with self._lock:
            if public_version != self._version:
                self._by_host, self._version = {}, public_version
            if entry is not None and len(self._by_host) < MOST_HOSTS_KEPT:
                self._by_host[host] = entry
        return entry, town_version

    def clear(self) -> None:
        """Forget everything: another database is behind the connection."""
        with self._lock:
            self._by_host, self._version = {}, ""


def _load(host: str) -> tuple[TownEntry | None, str, str]:
    """The town of a host, its version and that of the public schema, all of one instant (0004_find_host)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_version, town_version, id, schema_name, name, kind, state, time_zone, domain "
            "FROM public.tenants_find_host(%s)",
            [host],
        )
        public_version, town_version, *row = cursor.fetchone()
    entry = TownEntry(*row)
    return (entry if entry.domain else None), town_version, public_version


def is_platform(host: str) -> bool:
    """Whether a host is the operator's own site."""
    return host == settings.PLATFORM_DOMAIN


def host_of(raw: str) -> str:
    """The host name that towns are kept under: lower case, without port, final dot or leading `www.`."""
    host = raw.rpartition("]")[2] if raw.startswith("[") else raw
    return host.partition(":")[0].lower().rstrip(".").removeprefix("www.")


registry = Registry()


def current_town() -> TownEntry | None:
    """The town that the connection is in, or None on the platform."""
    tenant = connection.tenant
    return tenant if isinstance(tenant, TownEntry) else None
