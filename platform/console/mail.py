"""How the platform's own e-mails leave: written in the request's transaction, sent by the worker."""

from procrastinate.contrib.django import app

from accounts import codes
from billing.models import DocumentFile
from console.models import Mail
from tenants.jobs import defer_with_rows


def send(*, channel: str, recipient: str, subject: str, body: str, key: str) -> None:
    """Queue an e-mail to an operator (accounts.codes.Sender). Operators have no other door."""
    if channel != codes.EMAIL:
        raise ValueError(f"the platform sends no {channel}")
    _queue(Mail(recipient=recipient, subject=subject, body=body))


def send_document(*, recipient: str, subject: str, body: str, document: DocumentFile | None) -> None:
    """Queue an e-mail to somebody of finance (billing.mailing.Mailer)."""
    _queue(Mail(recipient=recipient, subject=subject, body=body, document=document))


def _queue(mail: Mail) -> None:
    mail.save()
    # By its name: jobs are above what they do.
    defer_with_rows(app.configure_task("console.send_mail"), mail=mail.pk)
