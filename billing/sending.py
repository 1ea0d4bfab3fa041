"""Invoices on their way to their buyers, by hand: deposits and their statuses typed back, e-mails to people of finance.

Rows are only added. Another channel (an approved platform, the API of Chorus Pro) will write the same ones.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet

from billing.drafting import NotReadyError
from billing.enums import BuyerKind, Channel, DocumentKind, Standing
from billing.law import DAYS_TO_PAY
from billing.mailing import write_to_finance
from billing.models import Contract, DocumentFile, Invoice, Transmission, TransmissionStatus
from billing.statuses import Progress, progress
from billing.texts import enclosed, on_chorus
from core.text import tidy


@transaction.atomic
def deposit(invoice: Invoice, *, flow_number: str, on: datetime.date, by: str) -> Transmission:
    """Note that an invoice was deposited on Chorus Pro, and the number of its flow. One that was rejected may be again.

    Raises ValidationError, by field, for a flow that is another's, a day before the invoice's, one that is deposited
    already, or a buyer who does not read Chorus Pro.
    """
    invoice = _locked(invoice)
    wrong = {}
    if invoice.contract.buyer.kind != BuyerKind.PUBLIC:
        wrong["invoice"] = "Une association ne lit pas Chorus Pro : envoyez-lui sa facture par e-mail."
    elif progress_of(invoice).standing not in (Standing.NOT_SENT, Standing.SENT, Standing.REJECTED):
        wrong["invoice"] = "Cette facture est déjà déposée, et n’a pas été rejetée."
    if on < invoice.issued_on:
        wrong["sent_on"] = "Une facture est déposée après avoir été émise."
    if not tidy(flow_number):
        wrong["flow_number"] = "Donnez le numéro de flux que Chorus Pro a répondu."
    elif Transmission.objects.filter(flow_number=tidy(flow_number)).exists():
        wrong["flow_number"] = "Ce numéro de flux est déjà celui d’un autre envoi."
    if wrong:
        raise ValidationError(wrong)
    return _keep(
        Transmission(invoice=invoice, channel=Channel.MANUAL, sent_on=on, flow_number=tidy(flow_number), by=by)
    )


@transaction.atomic
def note_status(
    transmission: Transmission, *, code: str, said_on: datetime.date, by: str, words: str = ""
) -> TransmissionStatus:
    """Keep what the channel says of a deposit, in its own code, known or not (billing.statuses); nothing is replaced.

    Raises ValidationError, by field, for no code, one written as no channel does, or a day before the deposit's.
    """
    if said_on < transmission.sent_on:
        raise ValidationError({"said_on": "Ce jour vient avant le dépôt."})
    status = TransmissionStatus(transmission=transmission, code=tidy(code), said_on=said_on, words=tidy(words), by=by)
    status.full_clean()
    status.save()
    return status


@transaction.atomic
def write_to_buyer(invoice: Invoice, *, on: datetime.date, by: str) -> Transmission:
    """Write to the buyer's people of finance: its PDF to an association, where it waits on Chorus Pro to a public body.

    Once a day: the same day again answers what was written. Raises NotReadyError without its PDF, or its deposit;
    mailing.NoContactError for a buyer who gave no contact.
    """
    invoice = _locked(invoice)
    buyer = invoice.contract.buyer
    already = invoice.transmissions.filter(channel=Channel.EMAIL, sent_on=on).first()
    if already is not None:
        return already
    if buyer.kind == BuyerKind.PUBLIC:
        deposited = invoice.transmissions.filter(channel=Channel.MANUAL).last()
        if deposited is None or progress_of(invoice).standing == Standing.REJECTED:
            raise NotReadyError("Déposez d’abord cette facture sur Chorus Pro.")
        letter, document = on_chorus(invoice, deposited), None
    else:
        # Sent again, it is due when it was.
        letter = enclosed(invoice, due_on=progress_of(invoice).due_on or on + datetime.timedelta(days=DAYS_TO_PAY))
        document = pdf_of(invoice)
    write_to_finance(buyer, subject=letter.subject, body=letter.body, document=document)
    return _keep(Transmission(invoice=invoice, channel=Channel.EMAIL, sent_on=on, by=by))


def pdf_of(invoice: Invoice) -> DocumentFile:
    """The PDF of an invoice, as it is stored. Raises NotReadyError where it is not made yet."""
    document = invoice.files.filter(kind=DocumentKind.PDF).first()
    if document is None:
        raise NotReadyError("Le PDF de cette facture n’est pas encore fait : il l’est d’habitude en une minute.")
    return document


def with_transmissions(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Invoices with all that where they stand depends on, in two queries more."""
    statuses = TransmissionStatus.objects.order_by("said_on", "pk")
    return invoices.prefetch_related("transmissions", Prefetch("transmissions__statuses", queryset=statuses))


def progress_of(invoice: Invoice) -> Progress:
    """Where an invoice stands; without a query for one read by `with_transmissions`.

    Of deposits, the last one tells. An e-mail alone is a sending; beside a deposit, it only tells of it.
    """
    sent = list(invoice.transmissions.all())
    deposits = [one for one in sent if one.channel != Channel.EMAIL]
    if deposits:
        statuses = sorted(deposits[-1].statuses.all(), key=lambda one: (one.said_on, one.pk))
        return progress(deposits[-1].sent_on, [(one.said_on, one.code) for one in statuses])
    if sent:
        return Progress(Standing.SENT, sent[0].sent_on, sent[0].sent_on)
    return Progress(Standing.NOT_SENT)


def _locked(invoice: Invoice) -> Invoice:
    """The invoice as it stands, its contract locked: its own rows are only added to."""
    Contract.objects.select_for_update().get(pk=invoice.contract_id)
    return Invoice.objects.select_related("contract__buyer").get(pk=invoice.pk)


def _keep(transmission: Transmission) -> Transmission:
    transmission.full_clean()
    transmission.save()
    return transmission
