"""How long the operators' list of towns takes, when there is one for each intercommunality of France."""

import datetime
import statistics
import time
from collections.abc import Callable
from decimal import Decimal

OK = 200
INVENTED = "t_invented_"
# Before every real name: they are on the first page.
NAME = "Aaville "


def measure(*, towns: int, runs: int, report: Callable[[str], None]) -> dict[str, float]:
    """Medians of the list's first page and of a search, over towns that have no schema: none is visited."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.second_step import PASSED
    from accounts.services import invite_operator
    from tenants.context import platform_context

    report("Console des opérateurs…")
    with platform_context():
        client = Client(headers={"host": settings.PLATFORM_DOMAIN})
        client.force_login(invite_operator(email="mesure@palier.example"), "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[PASSED] = 1
        session.save()
        _invent(towns)
    try:
        figures = {
            "console_ms": _median(client, "/console/", runs),
            "console_search_ms": _median(client, "/console/?nom=aaville+12", runs),
        }
        with CaptureQueriesContext(connection) as log:
            client.get("/console/?nom=aaville&etat=open")
        figures["console_queries"] = len(log.captured_queries)
    finally:
        with platform_context():
            _forget()
    for name, figure in figures.items():
        report(f"  {name} : {figure:.1f}")
    return figures


def _median(client: object, path: str, runs: int) -> float:
    taken = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
        if answer.status_code != OK or NAME.encode() not in answer.content:
            raise RuntimeError("the list showed no town: how long it took means nothing")
    return statistics.median(taken[1:])


def _invent(count: int) -> None:
    """Towns as the list reads them: rows of the platform, with figures, a contract, and an address."""
    from django.utils import timezone

    from billing.enums import BuyerKind
    from billing.models import Buyer, Contract
    from console.models import TownFigures
    from harness.billing import TERMS
    from tenants.models import Domain, Town

    buyer = Buyer.objects.create(kind=BuyerKind.PUBLIC, name="Mesure", siret="21600509000016", street="1 place",
                                 postal_code="60700", city="Ici")  # fmt: skip
    Town.objects.bulk_create(
        Town(schema_name=f"{INVENTED}{rank}", name=f"{NAME}{rank:04}", kind="ccas", state="open", blueprint="bip-pop")
        for rank in range(count)
    )
    made = list(Town.objects.filter(schema_name__startswith=INVENTED))
    Domain.objects.bulk_create(Domain(tenant=one, domain=f"v{one.pk}.localhost", is_primary=True) for one in made)
    now = timezone.now()
    TownFigures.objects.bulk_create(TownFigures(town=one, counted_at=now, tried_at=now, seniors=800) for one in made)
    terms = TERMS | {"begins_on": datetime.date(2026, 10, 1), "least_adjustment": Decimal(15)}
    Contract.objects.bulk_create(Contract(town=one, buyer=buyer, **terms) for one in made)


def _forget() -> None:
    from billing.models import Buyer, Contract
    from tenants.models import Domain, Town

    made = Town.objects.filter(schema_name__startswith=INVENTED)
    Contract.objects.filter(town__in=made).delete()
    Buyer.objects.filter(name="Mesure").delete()
    Domain.objects.filter(tenant__in=made).delete()
    made.delete()
