"""Several people at the same instant: a quote is accepted once, a payment is allocated once."""

import pytest

from billing import quoting
from billing.contracts import NotAllowedError
from billing.models import Contract, Quote, QuoteAcceptance
from harness.at_once import all_at_once
from harness.billing import OPERATOR, PDF, TODAY, quoted
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.context import platform_context

pytestmark = pytest.mark.usefixtures("own_database")
PONT = "60509"
SIGNED = {"name": "Mme Roy", "function": "Directrice", "on": TODAY, "by": OPERATOR, "today": TODAY}


def at_once(*works):
    """Each on the platform, in a transaction of its own."""

    def entering(work):
        def entered():
            with platform_context():
                return work()

        return entered

    return all_at_once([entering(work) for work in works])


def sent(quote):
    return quoting.send(quote, on=TODAY, by=OPERATOR)


def test_two_who_accept_at_once_make_one_contract():
    with platform_context():
        quote = sent(quoted(entry_of(FIRST_TOWN), {PONT: 640}))
    told = at_once(
        *[lambda: quoting.accept_signed(quote, content=PDF, file_name="devis.pdf", **SIGNED)] * 3,
        *[lambda: quoting.accept_by_order(quote, order_number="BC-12", **SIGNED)] * 3,
    )
    assert sum(isinstance(answer, Contract) for answer in told) == 1
    assert sum(isinstance(answer, NotAllowedError) for answer in told) == 5
    with platform_context():
        assert (Contract.objects.count(), QuoteAcceptance.objects.count()) == (1, 1)


def test_quotes_sent_at_once_are_numbered_without_a_hole():
    with platform_context():
        quotes = [quoted(None, {PONT: 640}) for _ in range(8)]
    told = at_once(*[lambda quote=quote: sent(quote).rank for quote in quotes])
    with platform_context():
        ranks = sorted(Quote.objects.exclude(rank=None).values_list("rank", flat=True))
    assert sorted(told) == ranks[-8:]
    assert ranks == list(range(1, len(ranks) + 1))
