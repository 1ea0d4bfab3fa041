"""The door to the mail server, behind Django's EMAIL_BACKEND."""

import smtplib
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from core.doors import DoorBusyError, DoorRefusedError, DoorUncertainError

# A reply of the server's from there on is for good; below, it asks to come back later.
FIRST_FOR_GOOD = 500


def send_mail(
    *,
    sender_name: str,
    reply_to: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    reference: str,
    unsubscribe: str = "",
) -> None:
    """Hand over one e-mail, in the name of a town, from the platform's own address.

    `unsubscribe` is the address that a mailbox asks in one click, where the reader may do without (RFC 8058). The
    Message-ID comes from the reference, so a mailbox that gets it twice can tell.

    Raises DoorBusyError, DoorRefusedError or DoorUncertainError.
    """
    if settings.OUTBOX:
        return
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    one_click = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMultiAlternatives(
        subject=_one_line(subject),
        body=text,
        from_email=formataddr((_one_line(sender_name), address)),
        to=[recipient],
        reply_to=[formataddr((_one_line(sender_name), reply_to))] if reply_to else None,
        headers={
            "Message-ID": f"<{reference}@{address.rpartition('@')[2]}>",
            # So that absence messages are not answered to it (RFC 3834).
            "Auto-Submitted": "auto-generated",
            **(one_click if unsubscribe else {}),
        },
    )
    mail.attach_alternative(html, "text/html")
    server = get_connection()
    try:
        _open(server)
        _hand_over(server, mail)
    finally:
        server.close()


def _open(server: BaseEmailBackend) -> None:
    try:
        server.open()
    except (OSError, smtplib.SMTPException):
        raise DoorBusyError("the mail server cannot be reached") from None


def _hand_over(server: BaseEmailBackend, mail: EmailMultiAlternatives) -> None:
    """Give it to an open server. `from None`: what the library says holds addresses."""
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        _refuse(max(code for code, _ in error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        _refuse(error.smtp_code)
    except ValueError:
        raise DoorRefusedError("this is not an address") from None
    except (OSError, smtplib.SMTPException):
        raise DoorUncertainError("the mail server did not answer to the end") from None


def _refuse(code: int) -> None:
    said = f"the mail server answered {code}"
    raise (DoorRefusedError if code >= FIRST_FOR_GOOD else DoorBusyError)(said) from None


def _one_line(text: str) -> str:
    return " ".join(text.split())
