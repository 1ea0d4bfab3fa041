"""What the worker does for the books: PDFs after an issuing, and what the clock does each day, on the platform.

No town is entered, and only people of finance are told.
"""

from django.db import connections
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from billing import engagements, filing, reminding
from billing.models import Invoice
from tenants.context import platform_context


class RemindersFailedError(RuntimeError):
    """Some reminders could not be sent; the message names their invoices, and nobody."""


@app.task(name="billing.make_invoice_pdf", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def make_invoice_pdf(*, invoice: int) -> None:
    """Make the PDF of what was issued. One that is stored already is left as it is."""
    try:
        with platform_context():
            filing.make_pdf(Invoice.objects.get(pk=invoice))
    finally:
        connections.close_all()


@app.periodic(cron="27 4 * * *")
@app.task(name="billing.make_missing_pdfs", queueing_lock="billing.make_missing_pdfs")
def make_missing_pdfs(timestamp: int) -> None:
    """Ask again for the PDFs whose job failed for good: a full disk, a font that was missing."""
    try:
        with platform_context():
            for number in filing.without_pdf(timezone.now()):
                make_invoice_pdf.defer(invoice=number)
    finally:
        connections.close_all()


@app.periodic(cron="7 4 * * *")
@app.task(name="billing.follow_acts", queueing_lock="billing.follow_acts")
def follow_acts(timestamp: int) -> None:
    """Keep the numbers of commitment that towns gave."""
    try:
        engagements.follow_every_act()
    finally:
        connections.close_all()


@app.periodic(cron="17 4 * * *")
@app.task(name="billing.keep_contracts", queueing_lock="billing.keep_contracts")
def keep_contracts(timestamp: int) -> None:
    """Have contracts begin, be late, or late no more: `take_by_clock` lets the clock do nothing else."""
    try:
        reminding.keep_contracts(timezone.localdate())
    finally:
        connections.close_all()


# By the morning: people of finance read it at work.
@app.periodic(cron="12 7 * * *")
@app.task(name="billing.remind", queueing_lock="billing.remind")
def remind(timestamp: int) -> None:
    """Send the reminders of the day; fail, once all the others left, where some could not be."""
    try:
        night = reminding.remind(timezone.localdate())
    finally:
        connections.close_all()
    if night.failed:
        raise RemindersFailedError(", ".join(night.failed))
