"""How long an invoice takes, whole and stored; and those of all intercommunalities of France, checks included."""

import datetime
import statistics
import time
from collections.abc import Callable

from harness.billing import OPERATOR, a_seller, ready
from tenants.context import platform_context
from tenants.registry import registry

PONT = "60509"
DAY = datetime.date(2026, 11, 27)
INTERCOMMUNALITIES = 1255


def _drafts(host: str, count: int) -> list[int]:
    """Drafts of contracts of one commune, over the minimum or under."""
    from billing.drafting import prepare_yearly

    entry, _ = registry.find(host)
    made = []
    with platform_context():
        seller = a_seller()
        for rank in range(count):
            contract = ready(entry, {PONT: 400 + rank}, town_id=None, reference=f"MAPA-{rank}")
            made.append(prepare_yearly(contract, seller, on=contract.begins_on, by=OPERATOR).pk)
    return made


def _one(draft: int) -> float:
    """Milliseconds of one without Schematron: payload, XML, XSD, our rules, rows, page, Factur-X, bytes stored."""
    from billing.filing import make_pdf
    from billing.issuing import issue
    from billing.models import Draft

    started = time.perf_counter()
    with platform_context():
        invoice = issue(Draft.objects.get(pk=draft), on=DAY, by=OPERATOR)
    with platform_context():
        make_pdf(invoice)
    return (time.perf_counter() - started) * 1000


def measure(
    *, host: str, report: Callable[[str], None], runs: int = 40, count: int = INTERCOMMUNALITIES
) -> dict[str, float]:
    """Milliseconds of one, seconds of them all: tried whole, numbered, then laid out and stored. Commits."""
    from billing.issuing import dry_run
    from billing.models import Draft

    report(f"{count} factures…")
    drafts = _drafts(host, count + runs + 1)
    _one(drafts.pop())  # Schemas and fonts are read once by a process.
    ones = [_one(drafts.pop()) for _ in range(runs)]
    started = time.perf_counter()
    with platform_context():
        found = dry_run(Draft.objects.filter(pk__in=drafts).order_by("pk"), on=DAY)
    tried = time.perf_counter() - started
    if any(found):
        raise RuntimeError("an invoice is refused: that is not what is measured")
    for draft in drafts:
        _one(draft)
    seconds = time.perf_counter() - started
    report(f"  une : {statistics.median(ones):.0f} ms ; {count} : {seconds:.0f} s, dont {tried:.0f} s d’essai")
    return {"invoice_ms": statistics.median(ones), "invoices_dry_run_s": tried, "invoices_s": seconds}
