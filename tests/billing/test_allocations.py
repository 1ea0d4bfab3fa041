"""Money typed in: what it pays, part by part, what stays on account, is given back or undone; never a cent too many."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import paying, sending
from billing.contracts import NotAllowedError
from billing.drafting import prepare_credit
from billing.enums import BalanceState, CreditReason
from billing.issuing import issue
from billing.models import Allocation, Invoice, Payment
from harness.billing import OPERATOR, TODAY, a_buyer, an_invoice

PONT = "60509"
PAID_ON = datetime.date(2026, 12, 15)
LATER = datetime.date(2027, 3, 1)


def euros(text):
    return Decimal(text)


@pytest.fixture
def buyer(books):
    return a_buyer()


@pytest.fixture
def invoice(books, buyer):
    """1 200,00 euros."""
    return an_invoice(books, {PONT: 640}, buyer=buyer, town_id=None)


@pytest.fixture
def second(books, buyer):
    return an_invoice(books, {PONT: 640}, buyer=buyer, town_id=None)


def received(buyer, amount, reference="VIR MANDAT 12 BORD 3", **changes):
    said = {"amount": euros(amount), "received_on": PAID_ON, "bank_reference": reference, "by": OPERATOR}
    return paying.receive(buyer, **said | changes)


def allocated(payment, amounts):
    return paying.allocate(payment, {one: euros(amount) for one, amount in amounts.items()}, by=OPERATOR)


def credited(invoice, net=None):
    amount = None if net is None else euros(net)
    draft = prepare_credit(invoice, reason=CreditReason.MISTAKE, net=amount, by=OPERATOR)
    return issue(draft, on=TODAY, by=OPERATOR)


def state(invoice, today=PAID_ON):
    balance = paying.balance_of(invoice, today=today)
    return balance.state, balance.left


def test_nothing_but_an_allocation_pays(invoice, buyer):
    assert state(invoice) == (BalanceState.DUE, euros("1200.00"))
    payment = received(buyer, "1200.00", reference="  VIR   12 ")
    assert (payment.bank_reference, payment.by, payment.received_on) == ("VIR 12", OPERATOR, PAID_ON)
    assert state(invoice)[0] == BalanceState.DUE
    deposit = sending.deposit(invoice, flow_number="CPP-1", on=TODAY, by=OPERATOR)
    for code in ("MISE_EN_PAIEMENT", "212"):
        sending.note_status(deposit, code=code, said_on=PAID_ON, by=OPERATOR)
    assert state(invoice)[0] == BalanceState.DUE
    (paid,) = allocated(payment, {invoice: "1200.00"})
    assert (paid.paid_on, paid.by) == (PAID_ON, OPERATOR)
    assert state(invoice) == (BalanceState.PAID, euros("0.00"))


def test_one_transfer_pays_several_invoices_and_the_rest_stays_on_account(invoice, second, buyer):
    payment = received(buyer, "2000.00")
    allocated(payment, {invoice: "1200.00", second: "700.00"})
    assert state(second) == (BalanceState.PART, euros("500.00"))
    assert (paying.left_of(payment), paying.on_account(buyer)) == (euros("100.00"), euros("100.00"))
    allocated(payment, {second: "100.00"})
    assert state(second) == (BalanceState.PART, euros("400.00"))
    assert paying.on_account(buyer) == 0


def test_it_is_late_after_its_last_day(invoice, buyer):
    sending.deposit(invoice, flow_number="CPP-1", on=TODAY, by=OPERATOR)
    due = TODAY + datetime.timedelta(days=30)
    assert state(invoice, due) == (BalanceState.DUE, euros("1200.00"))
    assert state(invoice, due + datetime.timedelta(days=1))[0] == BalanceState.LATE
    allocated(received(buyer, "200.00"), {invoice: "200.00"})
    balance = paying.balance_of(invoice, today=due + datetime.timedelta(days=3))
    assert (balance.state, balance.left, balance.days_late, balance.due_on) == (
        BalanceState.LATE, euros("1000.00"), 3, due,
    )  # fmt: skip
    allocated(received(buyer, "1000.00"), {invoice: "1000.00"})
    assert paying.balance_of(invoice, today=LATER).days_late == 0


def test_what_was_never_sent_is_never_late(invoice):
    assert state(invoice, datetime.date(2029, 1, 1))[0] == BalanceState.DUE


def test_credits_lower_what_is_owed_and_give_back_what_was_paid_too_much(invoice, buyer):
    allocated(received(buyer, "1200.00"), {invoice: "1200.00"})
    note = credited(invoice, net="100.00")
    assert state(invoice) == (BalanceState.OVERPAID, euros("-120.00"))
    assert paying.balance_of(note, today=PAID_ON).left == 0
    with pytest.raises(ValidationError, match="120,00"):
        paying.give_back(
            buyer, amount=euros("120.01"), given_on=LATER, bank_reference="VIR 9", invoice=invoice, by=OPERATOR
        )
    refund = paying.give_back(
        buyer, amount=euros("120.00"), given_on=LATER, bank_reference="VIR 9", invoice=invoice, by=OPERATOR
    )
    assert (refund.amount, refund.received_on) == (euros("-120.00"), LATER)
    assert state(invoice) == (BalanceState.PAID, euros("0.00"))
    assert paying.on_account(buyer) == 0


def test_an_invoice_credited_whole_is_owed_by_nobody(invoice, buyer):
    credited(invoice)
    assert state(invoice) == (BalanceState.CREDITED, euros("0.00"))
    with pytest.raises(ValidationError, match="Il reste 0,00"):
        allocated(received(buyer, "1.00"), {invoice: "1.00"})


def test_what_is_on_account_is_given_back_and_pays_nothing_more(invoice, buyer):
    payment = received(buyer, "1300.00")
    allocated(payment, {invoice: "1200.00"})
    with pytest.raises(ValidationError, match="100,00"):
        paying.give_back(buyer, amount=euros("150.00"), given_on=LATER, bank_reference="VIR 9", by=OPERATOR)
    refund = paying.give_back(buyer, amount=euros("100.00"), given_on=LATER, bank_reference="VIR 9", by=OPERATOR)
    assert paying.on_account(buyer) == 0
    credited(invoice)
    with pytest.raises(ValidationError):
        allocated(payment, {invoice: "1.00"})
    with pytest.raises(NotAllowedError, match="a été remboursé"):
        paying.undo(payment, words="Erreur", by=OPERATOR)
    paying.undo(refund, words="Le virement est revenu", by=OPERATOR)
    assert paying.on_account(buyer) == euros("100.00")


def test_a_mistake_is_undone_whole_by_its_contrary_and_typed_again(invoice, second, buyer):
    payment = received(buyer, "1500.00")
    allocated(payment, {invoice: "1200.00", second: "300.00"})
    contrary = paying.undo(payment, words="  Mauvaise  facture ", by=OPERATOR)
    assert (contrary.amount, contrary.received_on, contrary.words) == (euros("-1500.00"), PAID_ON, "Mauvaise facture")
    assert [state(one)[0] for one in (invoice, second)] == [BalanceState.DUE, BalanceState.DUE]
    assert sum(one.amount for one in Allocation.objects.all()) == 0
    assert (paying.left_of(payment), paying.left_of(contrary), paying.on_account(buyer)) == (0, 0, 0)
    for wrong in (payment, contrary):
        with pytest.raises(NotAllowedError, match="déjà annulé"):
            paying.undo(wrong, words="Encore", by=OPERATOR)
        with pytest.raises(ValidationError):
            allocated(wrong, {invoice: "1.00"})
    again = received(buyer, "1500.00")
    assert again.bank_reference == "VIR MANDAT 12 BORD 3 (2)"
    allocated(again, {second: "1200.00"})
    assert state(second)[0] == BalanceState.PAID
    with pytest.raises(ValidationError, match="déjà noté"):
        received(buyer, "1500.00")
    paying.undo(again, words="Rejet de la banque", by=OPERATOR)
    assert received(buyer, "1500.00").bank_reference == "VIR MANDAT 12 BORD 3 (3)"
    assert list(paying.with_left(Payment.objects.all()).values_list("left", flat=True)) == [euros("1500.00")]


def test_undoing_says_why(invoice, buyer):
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        paying.undo(received(buyer, "10.00"), words=" ", by=OPERATOR)
    assert Payment.objects.count() == 1


def test_what_was_refunded_since_is_undone_first(invoice, buyer):
    payment = received(buyer, "1200.00")
    allocated(payment, {invoice: "1200.00"})
    credited(invoice)
    paying.give_back(buyer, amount=euros("1200.00"), given_on=LATER, bank_reference="R", invoice=invoice, by=OPERATOR)
    with pytest.raises(NotAllowedError, match="annulez d’abord ce qui a suivi"):
        paying.undo(payment, words="Erreur", by=OPERATOR)
    assert Payment.objects.count() == 2, "nothing is half undone"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Decimal("0.00")}, "amount"),
        ({"amount": Decimal("-5.00")}, "amount"),
        ({"amount": Decimal("5.001")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("9999999999999.00")}, "amount"),
        ({"amount": "5,00"}, "amount"),
        ({"bank_reference": "  "}, "bank_reference"),
        ({"bank_reference": "R" * 141}, "bank_reference"),
    ],
)
def test_what_is_no_payment_is_refused_by_field(buyer, changes, field):
    said = {"amount": euros("10.00"), "received_on": PAID_ON, "bank_reference": "VIR", "by": OPERATOR}
    with pytest.raises(ValidationError) as refusal:
        paying.receive(buyer, **said | changes)
    assert set(refusal.value.message_dict) == {field}
    assert not Payment.objects.exists()


def test_the_same_line_typed_twice_is_refused(buyer):
    received(buyer, "10.00")
    with pytest.raises(ValidationError) as refusal:
        received(buyer, "10.00")
    assert set(refusal.value.message_dict) == {"bank_reference"}
    received(buyer, "10.01")
    received(a_buyer(), "10.00")


def test_an_allocation_that_cannot_be_says_why_by_invoice(books, invoice, second, buyer):
    other = an_invoice(books, {PONT: 640}, town_id=None)
    note = credited(second, net="100.00")
    payment = received(buyer, "5000.00")
    with pytest.raises(ValidationError) as refusal:
        allocated(payment, {invoice: "1200.01", second: "0.00", other: "1.00", note: "1.00"})
    assert refusal.value.message_dict == {
        invoice.number: ["Il reste 1\u00a0200,00\u00a0€ à payer sur cette facture."],
        second.number: ["Donnez un montant en euros et en centimes."],
        other.number: ["Cette facture est celle d’un autre acheteur."],
        note.number: ["Un avoir ne se paie pas."],
    }
    for amounts in ({}, {invoice: "1200.00", second: "1080.00"}):
        with pytest.raises(ValidationError) as refusal:
            allocated(received(buyer, "1000.00", reference=f"VIR {len(amounts)}"), amounts)
        assert set(refusal.value.message_dict) == {"amount"}
    assert not Allocation.objects.exists()


def test_the_database_is_the_last_wall(invoice, buyer):
    payment = received(buyer, "5000.00")
    for amount in ("1200.01", "-1.00"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Allocation.objects.create(payment=payment, invoice=invoice, amount=amount, paid_on=PAID_ON, by=OPERATOR)


def test_a_list_takes_as_many_queries_as_one(books, buyer, django_assert_num_queries):
    invoices = [an_invoice(books, {PONT: 640}, buyer=buyer, town_id=None) for _ in range(4)]
    allocated(received(buyer, "3000.00"), {invoices[0]: "1200.00", invoices[1]: "600.00"})
    credited(invoices[2])
    for rank, one in enumerate(invoices):
        sending.deposit(one, flow_number=f"CPP-{rank}", on=TODAY, by=OPERATOR)
    with django_assert_num_queries(3):
        listed = list(paying.with_balances(Invoice.objects.filter(source=None).order_by("rank")))
        found = [paying.balance_of(one, today=LATER).state for one in listed]
    assert found == [BalanceState.PAID, BalanceState.LATE, BalanceState.CREDITED, BalanceState.LATE]
    assert [one.left for one in listed] == [euros("0.00"), euros("600.00"), euros("0.00"), euros("1200.00")]
    owed = paying.with_balances(Invoice.objects.all()).filter(left__gt=0)
    assert list(owed.order_by("rank").values_list("number", flat=True)) == [invoices[1].number, invoices[3].number]


MOVES = st.lists(
    st.tuples(st.sampled_from(["pay", "pay_two", "undo", "refund", "credit"]), st.integers(1, 130_000)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_never_more_than_the_payment_nor_than_the_invoice(invoice, second, buyer, moves):
    """Whatever people try, in whatever order: what is refused writes nothing, and the books stay within."""
    with transaction.atomic():
        pair = list(Invoice.objects.filter(pk__in=[invoice.pk, second.pk]))
        for rank, (move, cents) in enumerate(moves):
            tried(move, Decimal(cents) / 100, rank, buyer, pair)
            for one in pair:
                balance = paying.balance_of(one, today=LATER)
                assert 0 <= balance.received <= one.payable
                assert balance.left == one.payable - balance.credited - balance.received
            for payment in Payment.objects.filter(buyer=buyer):
                taken = sum(part.amount for part in payment.allocations.all())
                assert abs(taken) <= abs(payment.amount)
            assert paying.on_account(buyer) >= 0
        transaction.set_rollback(True)


def tried(move, amount, rank, buyer, pair):
    try:
        if move in ("pay", "pay_two"):
            payment = received(buyer, str(amount), reference=f"VIR {rank}")
            parts = pair if move == "pay_two" else pair[:1]
            paying.allocate(payment, dict.fromkeys(parts, amount), by=OPERATOR)
        elif move == "undo" and (last := Payment.objects.filter(buyer=buyer, undoes=None).first()):
            paying.undo(last, words="Erreur", by=OPERATOR)
        elif move == "refund":
            invoice = pair[0] if rank % 2 else None
            paying.give_back(
                buyer, amount=amount, given_on=LATER, bank_reference=f"R {rank}", invoice=invoice, by=OPERATOR
            )
        elif move == "credit":
            credited(pair[0], net=str(amount))
    except (ValidationError, NotAllowedError):
        pass
