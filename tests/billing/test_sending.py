"""Sending by hand, whole: deposits, another after a rejection, e-mails to people of finance and to nobody else."""

import datetime
from decimal import Decimal

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError

from billing import mailing, sending
from billing.drafting import NotReadyError, prepare_credit, prepare_yearly
from billing.enums import BuyerKind, Channel, CreditReason, Standing
from billing.filing import DamagedError
from billing.issuing import issue
from billing.mailing import MailerMissingError, NoContactError
from billing.models import Invoice, Transmission
from console.models import Mail
from harness.billing import OPERATOR, PDF, TODAY, a_buyer, a_contact, a_seller, an_invoice, its_pdf, ready

PONT = "60509"


def deposited(invoice, flow="CPP-2026-1", on=TODAY):
    return sending.deposit(invoice, flow_number=flow, on=on, by=OPERATOR)


def said(transmission, code, days=1):
    return sending.note_status(transmission, code=code, said_on=TODAY + datetime.timedelta(days=days), by=OPERATOR)


@pytest.fixture
def invoice(books):
    """To a public body."""
    made = an_invoice(books, {PONT: 640})
    a_contact(made.contract.buyer)
    return made


@pytest.fixture
def to_association(books):
    buyer = a_buyer(kind=BuyerKind.ASSOCIATION, name="Les Voisins du Parc")
    a_contact(buyer, "M. Zébulon")
    a_contact(buyer, "Mme {number}")
    return an_invoice(books, {PONT: 640}, buyer=buyer)


def test_a_deposit_keeps_its_flow_and_says_where_the_invoice_stands(invoice):
    assert sending.progress_of(invoice).standing == Standing.NOT_SENT
    assert sending.progress_of(invoice).due_on is None
    kept = deposited(invoice, flow="  CPP 2026-1 ")
    assert (kept.channel, kept.flow_number, kept.sent_on, kept.by) == (Channel.MANUAL, "CPP 2026-1", TODAY, OPERATOR)
    assert sending.progress_of(invoice).standing == Standing.DEPOSITED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"flow_number": " "}, "flow_number"),
        ({"flow_number": "TAKEN"}, "flow_number"),
        ({"flow_number": "F" * 51}, "flow_number"),
        ({"on": TODAY - datetime.timedelta(days=1)}, "sent_on"),
    ],
)
def test_a_deposit_that_is_none_is_refused(books, invoice, changes, field):
    deposited(an_invoice(books, {PONT: 640}, town_id=None), flow="TAKEN")
    with pytest.raises(ValidationError) as refusal:
        sending.deposit(invoice, **{"flow_number": "CPP-1", "on": TODAY, "by": OPERATOR} | changes)
    assert set(refusal.value.message_dict) == {field}
    assert not invoice.transmissions.exists()


def test_it_is_deposited_again_once_it_was_rejected_only(invoice):
    first = deposited(invoice)
    said(first, "MISE_A_DISPOSITION")
    with pytest.raises(ValidationError, match="déjà déposée"):
        deposited(invoice, flow="CPP-2")
    said(first, "REJETEE", days=2)
    assert sending.progress_of(invoice).standing == Standing.REJECTED
    second = deposited(invoice, flow="CPP-2", on=TODAY + datetime.timedelta(days=4))
    found = sending.progress_of(invoice)
    assert (found.standing, found.sent_on) == (Standing.DEPOSITED, second.sent_on)
    said(first, "MANDATEE", days=9)
    assert sending.progress_of(invoice).standing == Standing.DEPOSITED, "what is said of the first is of the past"
    assert invoice.transmissions.count() == 2


def test_an_association_reads_no_chorus(to_association):
    with pytest.raises(ValidationError, match="par e-mail"):
        deposited(to_association)


def test_an_association_receives_its_pdf_as_it_is_stored(to_association):
    sent = sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR)
    assert (sent.channel, sent.flow_number) == (Channel.EMAIL, "")
    found = sending.progress_of(to_association)
    assert (found.standing, found.due_on) == (Standing.SENT, TODAY + datetime.timedelta(days=30))
    mails = list(Mail.objects.order_by("pk"))
    assert [mail.recipient for mail in mails] == list(
        to_association.contract.buyer.contacts.order_by("pk").values_list("email", flat=True)
    )
    assert {mail.subject for mail in mails} == {f"Facture {to_association.number}"}
    assert mails[0].body.startswith("Bonjour M. Zébulon,\n\nVoici la facture FA-2026-00001 du 27 novembre 2026")
    assert mails[1].body.startswith("Bonjour Mme {number},")
    assert "1\u00a0200,00\u00a0€" in mails[0].body
    assert "27 décembre 2026" in mails[0].body
    for mail in mails:
        mail.message().send()
    assert [one.attachments[0] for one in outbox.outbox] == [
        ("FA-2026-00001.pdf", PDF + f"FA-2026-00001, {to_association.pk}".encode(), "application/pdf")
    ] * 2


def test_a_credit_note_asks_for_no_payment(to_association):
    draft = prepare_credit(to_association, reason=CreditReason.MISTAKE, net=Decimal("100.00"), by=OPERATOR)
    note = issue(draft, on=TODAY, by=OPERATOR)
    its_pdf(note)
    sending.write_to_buyer(note, on=TODAY, by=OPERATOR)
    mail = Mail.objects.first()
    assert (mail.subject, mail.document.name) == ("Avoir AV-2026-00001", "AV-2026-00001.pdf")
    assert "Voici l’avoir AV-2026-00001 du 27 novembre 2026, d’un montant de 120,00\u00a0€" in mail.body
    assert "Il se déduit de la facture FA-2026-00001" in mail.body
    assert "au plus tard" not in mail.body


def test_a_public_body_is_told_where_its_invoice_waits(invoice):
    with pytest.raises(NotReadyError, match="Déposez d’abord"):
        sending.write_to_buyer(invoice, on=TODAY, by=OPERATOR)
    deposit = deposited(invoice)
    sending.write_to_buyer(invoice, on=TODAY, by=OPERATOR)
    mail = Mail.objects.get()
    assert mail.document is None
    assert "vous attend sur Chorus Pro depuis le 27 novembre 2026, sous le numéro de flux CPP-2026-1" in mail.body
    assert sending.progress_of(invoice).standing == Standing.DEPOSITED
    said(deposit, "REJETEE")
    with pytest.raises(NotReadyError):
        sending.write_to_buyer(invoice, on=TODAY + datetime.timedelta(days=1), by=OPERATOR)


def test_the_same_day_again_writes_nothing_more(to_association):
    first = sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR)
    assert sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR) == first
    assert Mail.objects.count() == 2
    sending.write_to_buyer(to_association, on=TODAY + datetime.timedelta(days=1), by=OPERATOR)
    assert Mail.objects.count() == 4
    assert sending.progress_of(to_association).sent_on == TODAY, "it is late from the first one"


def test_nothing_is_sent_to_nobody(books):
    buyer = a_buyer(kind=BuyerKind.ASSOCIATION)
    with pytest.raises(NoContactError, match="aucun contact des finances"):
        sending.write_to_buyer(an_invoice(books, {PONT: 640}, buyer=buyer), on=TODAY, by=OPERATOR)
    assert not Transmission.objects.exists()


def test_nothing_is_sent_before_its_pdf_is_made(books):
    contract = ready(books, {PONT: 640}, buyer=a_buyer(kind=BuyerKind.ASSOCIATION))
    a_contact(contract.buyer)
    bare = issue(prepare_yearly(contract, a_seller(), on=contract.begins_on, by=OPERATOR), on=TODAY, by=OPERATOR)
    with pytest.raises(NotReadyError, match="pas encore fait"):
        sending.write_to_buyer(bare, on=TODAY, by=OPERATOR)
    assert (Mail.objects.count(), Transmission.objects.count()) == (0, 0)


def test_a_mailer_that_fails_leaves_nothing_half_written(to_association, monkeypatch):
    def fails_at_the_second(**said):
        if Mail.objects.exists():
            raise OSError("disk full")
        Mail.objects.create(recipient=said["recipient"], subject=said["subject"], body=said["body"])

    monkeypatch.setattr(mailing, "_mailers", [fails_at_the_second])
    with pytest.raises(OSError, match="disk full"):
        sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR)
    assert (Mail.objects.count(), Transmission.objects.count()) == (0, 0)
    monkeypatch.setattr(mailing, "_mailers", [])
    with pytest.raises(MailerMissingError):
        sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR)


def test_subjects_name_nobody(to_association):
    sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR)
    subject = Mail.objects.first().subject
    for name in ("Zébulon", "Voisins du Parc", "Pont-Sainte-Maxence"):
        assert name not in subject


def test_where_many_stand_takes_as_many_queries_as_for_one(books, django_assert_num_queries):
    for rank in range(4):
        deposited(an_invoice(books, {PONT: 640}, town_id=None), flow=f"CPP-{rank}")
    with django_assert_num_queries(3):
        found = [sending.progress_of(one) for one in sending.with_transmissions(Invoice.objects.all())]
    assert {one.standing for one in found} == {Standing.DEPOSITED}


def test_a_buyer_is_written_to_at_its_own_contacts_only(to_association):
    theirs = {a_contact(a_buyer(name="Un autre")).email}
    sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR)
    assert not theirs & set(Mail.objects.values_list("recipient", flat=True))
    assert Mail.objects.count() == 2


def test_sent_again_it_is_due_when_it_was(to_association):
    for day in (TODAY, TODAY + datetime.timedelta(days=20)):
        sending.write_to_buyer(to_association, on=day, by=OPERATOR)
    assert all("27 décembre 2026" in mail.body for mail in Mail.objects.all())


def test_bytes_that_are_not_those_sealed_are_never_sent(to_association):
    sending.write_to_buyer(to_association, on=TODAY, by=OPERATOR)
    mail = Mail.objects.first()
    mail.document.content = b"%PDF-another"
    with pytest.raises(DamagedError, match="a changé"):
        mail.message()
