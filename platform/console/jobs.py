"""What the worker does for the platform itself."""

from django.conf import settings
from django.db import connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from console.models import Mail
from tenants.context import platform_context


@app.task(name="console.send_mail", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def send_mail(*, mail: int) -> None:
    """Send an e-mail and forget it; keep it where the demo shows what was sent. One that is gone was sent."""
    if settings.OUTBOX:
        return
    try:
        with platform_context():
            kept = Mail.objects.select_for_update().filter(pk=mail).first()
            if kept is not None:
                kept.message().send()
                kept.delete()
    finally:
        connections.close_all()
