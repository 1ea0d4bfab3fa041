"""The two towns of every test database."""

from tenants.registry import TownEntry, registry


def entry_of(domain: str) -> TownEntry:
    """The town of a domain, as requests find it."""
    found, _ = registry.find(domain)
    assert found is not None, f"no town answers at {domain}"
    return found
