"""What the worker does for the books."""

from django.db import connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from billing import filing
from billing.models import Invoice, Quote
from tenants.context import platform_context


@app.task(name="billing.make_invoice_pdf", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def make_invoice_pdf(*, invoice: int) -> None:
    """Make the PDF of what was issued. One that is stored already is left as it is."""
    try:
        with platform_context():
            filing.make_pdf(Invoice.objects.get(pk=invoice))
    finally:
        connections.close_all()


@app.task(name="billing.make_quote_pdf", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def make_quote_pdf(*, quote: int) -> None:
    """Make the PDF of what was sent. One that is stored already is left as it is."""
    try:
        with platform_context():
            filing.make_pdf(Quote.objects.get(pk=quote))
    finally:
        connections.close_all()
