"""How the platform's own e-mails leave: written in the request's transaction, sent by the worker."""

from accounts import codes
from console.jobs import send_mail
from console.models import Mail


def send(*, channel: str, recipient: str, subject: str, body: str, key: str) -> None:
    """Queue an e-mail to an operator (accounts.codes.Sender). Operators have no other door."""
    if channel != codes.EMAIL:
        raise ValueError(f"the platform sends no {channel}")
    mail = Mail.objects.create(recipient=recipient, subject=subject, body=body)
    send_mail.defer(mail=mail.pk)
