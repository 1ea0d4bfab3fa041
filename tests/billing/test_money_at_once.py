"""Several people at the same instant: a quote is accepted once, a payment is allocated once."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from billing import paying, quoting
from billing.contracts import NotAllowedError
from billing.enums import BalanceState
from billing.models import Contract, Payment, Quote, QuoteAcceptance
from harness.at_once import all_at_once
from harness.billing import OPERATOR, PDF, TODAY, a_buyer, a_seller, an_invoice, quoted
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


def received(buyer, amount, reference="VIR"):
    return paying.receive(buyer, amount=Decimal(amount), received_on=TODAY, bank_reference=reference, by=OPERATOR)


def test_two_who_accept_at_once_make_one_contract():
    with platform_context():
        quote = sent(quoted(None, {PONT: 640}))
    told = at_once(
        *[lambda: quoting.accept_signed(quote, content=PDF, file_name="devis.pdf", **SIGNED)] * 3,
        *[lambda: quoting.accept_by_order(quote, order_number="BC-12", **SIGNED)] * 3,
    )
    assert sum(isinstance(answer, Contract) for answer in told) == 1
    assert sum(isinstance(answer, NotAllowedError) for answer in told) == 5
    with platform_context():
        assert Contract.objects.filter(quote=quote).count() == 1
        assert QuoteAcceptance.objects.filter(quote=quote).count() == 1


def test_the_same_quote_prepared_by_two_clicks_is_one():
    with platform_context():
        said = {"buyer": a_buyer(), "seller": a_seller()}
    told = at_once(*[lambda: quoted(None, {PONT: 640}, **said)] * 4)
    with platform_context():
        assert list(Quote.objects.filter(buyer=said["buyer"])) == [told[0]]
    assert len(set(told)) == 1


def test_quotes_sent_at_once_are_numbered_without_a_hole():
    with platform_context():
        quotes = [quoted(None, {PONT: 640}) for _ in range(8)]
    told = at_once(*[lambda quote=quote: sent(quote).rank for quote in quotes])
    with platform_context():
        ranks = sorted(Quote.objects.exclude(rank=None).values_list("rank", flat=True))
    assert sorted(told) == ranks[-8:]
    assert ranks == list(range(1, len(ranks) + 1))


def test_eight_allocations_of_the_same_payment_at_once_pay_it_once():
    with platform_context():
        buyer = a_buyer()
        invoices = [an_invoice(entry_of(FIRST_TOWN), {PONT: 640}, buyer=buyer, town_id=None) for _ in range(8)]
        payment = received(buyer, "3000.00")
    told = at_once(
        *[lambda one=one: paying.allocate(payment, {one: Decimal("1000.00")}, by=OPERATOR) for one in invoices]
    )
    assert sum(isinstance(answer, list) for answer in told) == 3
    assert sum(isinstance(answer, ValidationError) for answer in told) == 5
    with platform_context():
        assert paying.left_of(payment) == 0


def test_an_invoice_that_eight_payments_pay_at_once_is_paid_once():
    with platform_context():
        buyer = a_buyer()
        invoice = an_invoice(entry_of(FIRST_TOWN), {PONT: 640}, buyer=buyer, town_id=None)
        payments = [received(buyer, "1200.00", reference=f"VIR {rank}") for rank in range(8)]
    told = at_once(
        *[lambda one=one: paying.allocate(one, {invoice: Decimal("1200.00")}, by=OPERATOR) for one in payments]
    )
    assert sum(isinstance(answer, list) for answer in told) == 1
    assert sum(isinstance(answer, ValidationError) for answer in told) == 7
    with platform_context():
        assert paying.balance_of(invoice, today=TODAY).state == BalanceState.PAID


def test_the_same_line_typed_by_four_at_once_is_one_payment_and_undone_once():
    with platform_context():
        buyer = a_buyer()
    told = at_once(*[lambda: received(buyer, "50.00")] * 4)
    kept = [answer for answer in told if isinstance(answer, Payment)]
    assert len(kept) == 1
    told = at_once(*[lambda: paying.undo(kept[0], words="Erreur", by=OPERATOR)] * 4)
    assert sum(isinstance(answer, Payment) for answer in told) == 1
    with platform_context():
        assert paying.on_account(buyer) == 0
