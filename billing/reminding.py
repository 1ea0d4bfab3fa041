"""What the clock does of unpaid invoices: reminders to people of finance, and contracts late or not. Nothing further.

« Pas de relance à une personne âgée »: only billing.mailing writes, to the buyer's own contacts. No state of a contract
changes anything for seniors, volunteers or coordinators (CE, 7 January 1976, Ville d'Amiens; billing.md, 4.9).
"""

import datetime
import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

from billing.contracts import NotAllowedError, take_by_clock
from billing.enums import (
    BEGIN,
    CATCH_UP,
    FALL_LATE,
    BuyerKind,
    ContractChange,
    ContractState,
    ReminderKind,
    Standing,
)
from billing.law import DAYS_TO_PAY
from billing.mailing import MailerMissingError, write_to_finance
from billing.models import Contract, Invoice, Reminder
from billing.paying import Balance, balance_of, with_balances
from billing.texts import reminder
from core.french import listed
from tenants.context import platform_context

# Days after the deposit, by when Chorus Pro has handed it over.
HANDED_OVER_WITHIN = 5
# Days of the time to pay, by when a payment is ordered.
ORDERED_WITHIN = 25
# From the day its time to pay runs; the last one that is reached is sent, never those before it.
STEPS = (
    (ReminderKind.NOT_ORDERED, ORDERED_WITHIN),
    (ReminderKind.LATE_15, DAYS_TO_PAY + 15),
    (ReminderKind.LATE_45, DAYS_TO_PAY + 45),
    (ReminderKind.LATE_90, DAYS_TO_PAY + 90),
)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watched:
    """An invoice that somebody of the operator's looks at, and where its money stands."""

    invoice: Invoice
    balance: Balance


@dataclass
class Night:
    """What the reminders of a night made: how many were sent, and the numbers of the invoices that failed."""

    sent: int = 0
    failed: list[str] = field(default_factory=list)


def is_held_up(balance: Balance) -> bool:
    """Whether Chorus Pro has not handed an invoice over five days after its deposit: the operator looks at it."""
    progress = balance.progress
    if progress.standing != Standing.DEPOSITED or progress.sent_on is None:
        return False
    return (balance.today - progress.sent_on).days >= HANDED_OVER_WITHIN


def kind_to_send(invoice: Invoice, balance: Balance) -> ReminderKind | None:
    """The reminder that an invoice asks for today, or none: the last one reached, each once an invoice.

    Nothing is asked of what is paid, credited, rejected, held or disputed; when it goes on, its days start again.
    """
    progress = balance.progress
    if balance.left <= 0 or progress.is_stopped or progress.runs_from is None:
        return None
    days = (balance.today - progress.runs_from).days
    reached = [kind for kind, after in STEPS if days >= after and _applies(kind, invoice, progress.standing)]
    sent = {one.kind for one in invoice.reminders.all()}
    return reached[-1] if reached and reached[-1] not in sent else None


def remind(today: datetime.date) -> Night:
    """Send the reminders of a day, each in a transaction with its row; one that fails stops no other.

    Out of a transaction: what was sent stays sent. Raises mailing.MailerMissingError.
    """
    with platform_context():
        asked = [one.invoice for one in _open(today) if kind_to_send(one.invoice, one.balance)]
    night = Night()
    for invoice in asked:
        try:
            with platform_context():
                night.sent += _remind(invoice, today)
        except MailerMissingError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever a mailer raises; its words may quote an address)
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(
                "reminder of %s: %s at %s:%s", invoice.number, type(error).__name__, place.filename, place.lineno
            )
            night.failed.append(invoice.number)
    return night


def keep_contracts(today: datetime.date) -> dict[str, int]:
    """Begin contracts, have them late and back, as their days and invoices say; how many of each. Never further.

    Out of a transaction: each contract is one.
    """
    begun = sum(_turn(one, BEGIN, today) for one in _in_state(ContractState.SIGNED, begins_on__lte=today))
    with platform_context():
        late = {one.invoice.contract_id for one in _open(today) if one.balance.days_late}
    fallen = sum(_turn(one, FALL_LATE, today) for one in _in_state(ContractState.ACTIVE, pk__in=late))
    caught_up = sum(_turn(one, CATCH_UP, today) for one in _in_state(ContractState.LATE))
    return {BEGIN.name: begun, FALL_LATE.name: fallen, CATCH_UP.name: caught_up}


def _remind(invoice: Invoice, today: datetime.date) -> bool:
    Contract.objects.select_for_update().get(pk=invoice.contract_id)
    # Paid meanwhile, or reminded of by another round.
    one = next(_open(today, pk=invoice.pk), None)
    kind = one and kind_to_send(one.invoice, one.balance)
    buyer = invoice.contract.buyer
    if not one or not kind or not buyer.contacts.exists():
        return False
    progress = one.balance.progress
    letter = reminder(one.invoice, kind, left=one.balance.left, runs_from=progress.runs_from, due_on=progress.due_on)
    told = write_to_finance(buyer, subject=letter.subject, body=letter.body)
    names = listed([contact.name for contact in told])
    Reminder.objects.create(invoice=invoice, kind=kind, told=names[: Reminder._meta.get_field("told").max_length])
    return True


def _in_state(state: ContractState, **only: object) -> list[Contract]:
    with platform_context():
        return list(Contract.objects.filter(state=state, **only).order_by("pk"))


def _turn(contract: Contract, change: ContractChange, today: datetime.date) -> bool:
    """Take a change where invoices ask for it, as they are once the contract is locked."""
    with platform_context():
        Contract.objects.select_for_update().get(pk=contract.pk)
        unpaid = list(_open(today, contract=contract)) if change is not BEGIN else []
        is_late = any(one.balance.days_late for one in unpaid)
        # What is held or disputed decides nothing: the contract stays as it is.
        is_held = any(one.balance.progress.is_stopped for one in unpaid)
        asked = {BEGIN: True, FALL_LATE: is_late, CATCH_UP: not is_late and not is_held}
        if not asked[change]:
            return False
        try:
            take_by_clock(contract, change)
        except NotAllowedError:
            # Somebody moved it meanwhile.
            return False
        return True


def _open(today: datetime.date, **only: object) -> Iterator[Watched]:
    """Invoices of which something is left to pay, by the name of who is billed. Five queries."""
    unpaid = with_balances(Invoice.objects.filter(source=None, **only)).filter(left__gt=0)
    for invoice in (
        unpaid.select_related("contract__buyer")
        .prefetch_related("reminders", "contract__buyer__contacts")
        .order_by("contract__buyer__name", "issued_on", "pk")
    ):
        yield Watched(invoice, balance_of(invoice, today=today))


def _applies(kind: ReminderKind, invoice: Invoice, standing: Standing) -> bool:
    if kind != ReminderKind.NOT_ORDERED:
        return True
    return invoice.contract.buyer.kind == BuyerKind.PUBLIC and standing != Standing.ORDERED
