"""How long a volunteer's card takes to print, and how long who scans it waits."""

import statistics
import time
from collections.abc import Callable

from tenants.context import town_context
from tenants.registry import registry

OK = 200


def measure(*, host: str, runs: int, report: Callable[[str], None]) -> dict[str, float]:
    """Medians of the PDF of a card with a photo, and of the page of its QR. Commits in `host`'s town."""
    from benchmarks.queries import statements_in_town
    from django.test import Client, RequestFactory

    from accounts.models import Limit
    from aid.cards import views
    from aid.cards.printing import card_pdf, page_path
    from aid.cards.services import card_of, issue
    from aid.configuration.brand import brand_of_town
    from aid.onboarding.models import Volunteer
    from aid.photos.services import keep_photo
    from aid.privacy.enums import Agreed
    from harness.pictures import from_a_telephone, sent

    report("Carte d’un bénévole…")
    town, _ = registry.find(host)
    with town_context(town):
        volunteer = Volunteer.objects.admitted().select_related("person").order_by("pk")[0]
        keep_photo(volunteer.person, sent(from_a_telephone()), how=Agreed.ON_SCREEN)
        page = page_path(issue(volunteer, by_account=None).get_sealed_display())
    printed, checked = [], []
    for _ in range(runs + 1):
        with town_context(town):
            started = time.perf_counter()
            card_pdf(card_of(volunteer), brand=brand_of_town(RequestFactory().get("/")))
            printed.append((time.perf_counter() - started) * 1000)
    client = Client(headers={"host": host})
    for number in range(5 * runs + 1):
        if number % views.MOST_CHECKS == 0:
            with town_context(town):
                Limit.objects.all().delete()
        started = time.perf_counter()
        answer = client.get(page)
        checked.append((time.perf_counter() - started) * 1000)
        if answer.status_code != OK or b"est valable" not in answer.content:
            raise RuntimeError("the card was not valid: how long it took means nothing")
    with town_context(town):
        Limit.objects.all().delete()
    figures = {
        # The first of each loads fonts and templates.
        "card_pdf_ms": statistics.median(printed[1:]),
        "card_check_ms": statistics.median(checked[1:]),
        "card_check_queries": len(statements_in_town(host, page)),
    }
    for name, figure in figures.items():
        report(f"  {name} : {figure:.1f}")
    return figures
