"""Reminders: to people of finance alone, each once, stopped by who holds an invoice; and contracts late, no further."""

import ast
import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from accounts.models import Account
from aid.people.models import Person
from billing import contracts, engagements, jobs, mailing, paying, reminding, sending
from billing.drafting import prepare_credit
from billing.enums import CONTRACT_CHANGES, BuyerKind, ContractState, CreditReason, ReminderKind
from billing.issuing import issue
from billing.jobs import RemindersFailedError
from billing.models import Contract, Invoice, Reminder
from console.models import Mail
from harness.billing import OPERATOR, TODAY, a_buyer, a_contact, an_invoice, signed
from tenants.context import facing

PONT = "60509"
N, L15, L45, L90 = ReminderKind.NOT_ORDERED, ReminderKind.LATE_15, ReminderKind.LATE_45, ReminderKind.LATE_90


def after(days):
    return TODAY + datetime.timedelta(days=days)


@pytest.fixture
def invoice(books):
    made = an_invoice(books, {PONT: 640})
    a_contact(made.contract.buyer)
    sending.deposit(made, flow_number="CPP-1", on=TODAY, by=OPERATOR)
    return made


def said(invoice, code, day):
    sending.note_status(invoice.transmissions.last(), code=code, said_on=after(day), by=OPERATOR)


def paid(invoice, amount="1200.00"):
    payment = paying.receive(
        invoice.contract.buyer, amount=Decimal(amount), received_on=TODAY, bank_reference="VIR", by=OPERATOR
    )
    paying.allocate(payment, {invoice: Decimal(amount)}, by=OPERATOR)
    return payment


def nights(first, last, *, each=5):
    """Nights in turn: the day and kind of what was sent."""
    told = []
    for day in range(first, last + 1, each):
        before = set(Reminder.objects.values_list("pk", flat=True))
        reminding.remind(after(day))
        told += [(day, one.kind) for one in Reminder.objects.exclude(pk__in=before)]
    return told


def test_each_reminder_is_sent_on_its_day_and_once(invoice):
    assert nights(23, 122, each=1) == [(25, N), (45, L15), (75, L45), (120, L90)]
    assert Mail.objects.count() == 4
    assert {one.told for one in Reminder.objects.all()} == {"Mme Roy"}
    assert {mail.recipient for mail in Mail.objects.all()} == {invoice.contract.buyer.contacts.get().email}


def test_days_run_from_when_the_buyer_could_read_it(invoice):
    said(invoice, "MISE_A_DISPOSITION", 4)
    assert nights(27, 51, each=1) == [(29, N), (49, L15)]


def test_what_is_ordered_is_asked_for_only_when_it_is_late(invoice):
    said(invoice, "MANDATEE", 10)
    assert nights(0, 60) == [(55, L15)]


def test_an_association_orders_nothing(books):
    made = an_invoice(books, {PONT: 640}, buyer=a_buyer(kind=BuyerKind.ASSOCIATION))
    a_contact(made.contract.buyer)
    sending.write_to_buyer(made, on=TODAY, by=OPERATOR)
    assert nights(20, 80) == [(45, L15), (75, L45)]


def test_a_worker_that_slept_sends_the_last_one_alone(invoice):
    assert nights(80, 85) == [(80, L45)]


@pytest.mark.parametrize("code", ["SUSPENDUE", "207", "208", "REJETEE", "A_RECYCLER", "213"])
def test_nothing_is_asked_of_what_its_buyer_holds(invoice, code):
    said(invoice, code, 20)
    assert nights(20, 140) == []
    assert not reminding.is_held_up(paying.balance_of(invoice, today=after(60)))


def test_days_start_again_when_it_goes_on(invoice):
    assert nights(20, 40) == [(25, N)]
    said(invoice, "SUSPENDUE", 40)
    assert nights(40, 60) == []
    said(invoice, "COMPLETEE", 60)
    assert nights(60, 140) == [(105, L15), (135, L45)]


def test_nothing_is_asked_of_what_is_paid_or_credited(books, invoice):
    paid(invoice)
    credited = an_invoice(books, {PONT: 640}, town_id=None)
    a_contact(credited.contract.buyer)
    sending.deposit(credited, flow_number="CPP-2", on=TODAY, by=OPERATOR)
    issue(prepare_credit(credited, reason=CreditReason.MISTAKE, by=OPERATOR), on=TODAY, by=OPERATOR)
    assert nights(20, 130) == []


def test_a_part_that_is_left_is_asked_for_and_a_payment_undone_too(invoice):
    payment = paid(invoice, "1100.00")
    reminding.remind(after(45))
    assert "Il reste 100,00\u00a0€" in Mail.objects.get().body
    paying.undo(payment, words="Rejet", by=OPERATOR)
    reminding.remind(after(75))
    assert "Il reste 1\u00a0200,00\u00a0€" in Mail.objects.last().body


def test_what_was_never_sent_is_never_asked_for(books):
    a_contact(an_invoice(books, {PONT: 640}).contract.buyer)
    assert nights(20, 100) == []


def test_without_a_contact_it_waits_for_one(books):
    made = an_invoice(books, {PONT: 640})
    sending.deposit(made, flow_number="CPP-1", on=TODAY, by=OPERATOR)
    assert nights(20, 50) == []
    a_contact(made.contract.buyer)
    assert nights(50, 55) == [(50, L15)]


def test_what_is_not_handed_over_after_five_days_is_shown_to_the_operator(invoice):
    def watched(day):
        return reminding.is_held_up(paying.balance_of(invoice, today=after(day)))

    assert [watched(day) for day in (0, 4, 5)] == [False, False, True]
    said(invoice, "EN_COURS_ACHEMINEMENT", 3)
    assert watched(6)
    said(invoice, "MISE_A_DISPOSITION", 6)
    assert not watched(6)


def test_texts_are_plain_and_subjects_name_nobody(invoice):
    nights(0, 130)
    bodies = [mail.body for mail in Mail.objects.order_by("pk")]
    assert "n’est pas encore mandatée" in bodies[0]
    assert all("FA-2026-00001 du 27 novembre 2026" in body for body in bodies)
    assert all("1\u00a0200,00\u00a0€" in body for body in bodies)
    for body in bodies[1:]:
        assert "au plus tard le 27 décembre 2026" in body
        assert "le service continue" in body
    assert not any("'" in body for body in bodies)
    assert {mail.subject for mail in Mail.objects.all()} == {"Facture FA-2026-00001"}


def test_a_mailer_that_fails_leaves_nothing_and_stops_no_other(books, invoice, monkeypatch, caplog):
    other = an_invoice(books, {PONT: 640}, town_id=None, buyer=a_buyer(name="Zone sans panne"))
    a_contact(other.contract.buyer, "M. Autre")
    sending.deposit(other, flow_number="CPP-2", on=TODAY, by=OPERATOR)
    real = mailing._mailers[0]

    def fails_for_one(**mail):
        real(**mail)
        if mail["recipient"].startswith("roy"):
            raise OSError(f"no such mailbox: {mail['recipient']}")

    monkeypatch.setattr(mailing, "_mailers", [fails_for_one])
    night = reminding.remind(after(30))
    assert (night.sent, night.failed) == (1, [invoice.number])
    assert [one.invoice for one in Reminder.objects.all()] == [other]
    assert [mail.recipient for mail in Mail.objects.all()] == [other.contract.buyer.contacts.get().email]
    assert "@" not in caplog.text
    monkeypatch.setattr(mailing, "_mailers", [real])
    assert reminding.remind(after(31)).sent == 1


def test_the_job_fails_when_some_could_not_be_sent(invoice, monkeypatch):
    monkeypatch.setattr(jobs.reminding, "remind", lambda today: reminding.Night(3, ["FA-2026-00007"]))
    monkeypatch.setattr(jobs.connections, "close_all", lambda: None)
    with pytest.raises(RemindersFailedError, match="FA-2026-00007"):
        jobs.remind(timestamp=0)


def test_the_night_s_three_jobs_do_what_they_say(invoice, monkeypatch):
    monkeypatch.setattr(jobs.connections, "close_all", lambda: None)
    monkeypatch.setattr(jobs.timezone, "localdate", lambda: after(50))
    engagements.give(invoice.contract, year_starts_on=invoice.contract.begins_on, number="EJ-1", by=OPERATOR)
    for job in (jobs.follow_acts, jobs.keep_contracts, jobs.remind):
        job(timestamp=0)
    assert state(invoice) == ContractState.LATE
    assert Reminder.objects.get().kind == L15


def test_nobody_of_a_town_is_ever_written_to(books, invoice):
    with facing(books):
        theirs = {*Person.objects.values_list("email", flat=True), *Account.objects.values_list("email", flat=True)}
    nights(0, 400, each=25)
    assert not theirs & set(Mail.objects.values_list("recipient", flat=True))


# Contracts, by the clock.


def state(invoice):
    return Contract.objects.get(pk=invoice.contract_id).state


def kept(day):
    return reminding.keep_contracts(after(day))


def test_a_contract_begins_on_its_day(books):
    contract = signed(books, PONT, begins_on=after(3))
    assert kept(2) == {"begin": 0, "fall_late": 0, "catch_up": 0}
    assert kept(3)["begin"] == 1
    assert contract.steps.last().by == "Palier"


def test_it_falls_late_and_comes_back_and_again(invoice):
    assert kept(30) == {"begin": 1, "fall_late": 0, "catch_up": 0}
    assert kept(31) == {"begin": 0, "fall_late": 1, "catch_up": 0}
    assert kept(32) == {"begin": 0, "fall_late": 0, "catch_up": 0}
    payment = paid(invoice)
    assert kept(33) == {"begin": 0, "fall_late": 0, "catch_up": 1}
    assert invoice.contract.steps.last().words == "Plus aucune facture n’est en retard."
    paying.undo(payment, words="Rejet", by=OPERATOR)
    assert kept(34)["fall_late"] == 1
    assert state(invoice) == ContractState.LATE


def test_what_is_held_moves_nothing(invoice):
    kept(31)
    said(invoice, "SUSPENDUE", 32)
    assert kept(33) == {"begin": 0, "fall_late": 0, "catch_up": 0}
    said(invoice, "COMPLETEE", 40)
    assert kept(41)["catch_up"] == 1, "a new delay of thirty days"
    assert kept(71)["fall_late"] == 1


def test_no_job_goes_past_late(invoice):
    for day in range(0, 800, 40):
        kept(day)
        reminding.remind(after(day))
        assert state(invoice) in {ContractState.ACTIVE, ContractState.LATE}
    assert state(invoice) == ContractState.LATE


@pytest.mark.parametrize("other", [ContractState.REVIEW, ContractState.ENDING, ContractState.ENDED])
def test_what_people_decided_stays(invoice, other):
    Contract.objects.update(state=other)
    for paid_in_time in (False, True):
        if paid_in_time:
            paid(invoice)
        assert kept(500) == {"begin": 0, "fall_late": 0, "catch_up": 0}
        assert state(invoice) == other


def test_the_clock_has_three_changes_and_none_leads_past_late():
    by_clock = [change for change in CONTRACT_CHANGES if change.by_clock]
    assert {change.target for change in by_clock} == {ContractState.ACTIVE, ContractState.LATE}


def test_no_job_calls_what_people_decide():
    """`take` and `announce_end` are for screens: nothing that the clock runs names them."""
    deciding = {"take", "announce_end"}
    assert all(hasattr(contracts, name) for name in deciding)
    for name in ("jobs", "reminding", "yearly", "engagements"):
        tree = ast.parse((Path(django_settings.ROOT) / "billing" / f"{name}.py").read_text())
        named = {getattr(node, "id", getattr(node, "attr", getattr(node, "name", None))) for node in ast.walk(tree)}
        assert not deciding & named, name


def test_a_contact_s_name_too_long_for_the_row_stops_nothing(invoice):
    for rank in range(12):
        a_contact(invoice.contract.buyer, "M. " + chr(97 + rank) * 90)
    reminding.remind(after(25))
    assert len(Reminder.objects.get().told) == 500
    assert Invoice.objects.count() == 1
