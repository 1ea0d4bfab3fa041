"""What refuses to be deployed: an installation whose messages would not leave."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def messages_leave(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """The outbox is for trying; mail and SMS each have a door."""
    problems = []
    if settings.OUTBOX:
        problems.append(Error("OUTBOX shows every message to everybody: it is for trying.", id="core.E001"))
    if not settings.EMAIL_HOST:
        problems.append(Error("No e-mail would leave: set EMAIL_HOST.", id="core.E002"))
    if "@" not in settings.DEFAULT_FROM_EMAIL:
        problems.append(Error("E-mails need an address of the platform's: set EMAIL_SENDER.", id="core.E003"))
    gateway = settings.SMS_GATEWAY
    if not gateway["url"].startswith("https://"):
        problems.append(Error("No SMS would leave safely: set SMS_GATEWAY_URL, in https.", id="core.E004"))
    if not {"recipient", "text"} <= set(gateway["names"]):
        problems.append(Error("SMS_GATEWAY_FIELDS must name recipient and text.", id="core.E005"))
    if not set(settings.SMS_WEBHOOKS["states"].values()) <= {"delivered", "unreached"}:
        problems.append(Error("SMS_RECEIPTS_STATES leads to delivered or unreached.", id="core.E006"))
    return problems
