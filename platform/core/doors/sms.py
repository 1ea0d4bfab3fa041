"""The door to the gateway of SMS."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import requests
from django.conf import settings
from urllib3.exceptions import MaxRetryError

from core.doors import DoorBusyError, DoorRefusedError, DoorUncertainError

# Seconds to reach the gateway; seconds for it to answer.
TIMEOUTS = (5, 20)
# Not the message's fault: too many, or a door that somebody has to set right (secret, address).
NOT_NOW = {401, 403, 404, 405, 407, 408, 425, 429, 503}
FIRST_REDIRECT, FIRST_REFUSAL, FIRST_BREAKAGE = 300, 400, 500


class SmsDoor(ABC):
    """Whatever carries SMS."""

    # Whether what is asked twice under one reference is carried once.
    sends_once = False

    @abstractmethod
    def send(self, *, sender: str, recipient: str, text: str, reference: str) -> None:
        """Hand over one SMS. Numbers are in E.164; an empty sender leaves the gateway's own.

        Raises DoorBusyError, DoorRefusedError or DoorUncertainError.
        """


class NowhereSmsDoor(SmsDoor):
    """Carries nothing: the demonstration and the tests read messages in their outbox."""

    sends_once = True

    def send(self, *, sender: str, recipient: str, text: str, reference: str) -> None:
        """Nothing leaves."""


@dataclass(frozen=True)
class HttpSmsDoor(SmsDoor):
    """A gateway that takes an SMS by HTTP: most of them do, under names of their own."""

    url: str
    secret_header: str = "Authorization"  # noqa: S105 (the name of a header)
    secret: str = field(default="", repr=False)
    is_json: bool = True
    # Our words (sender, recipient, text, reference) to the gateway's; what is not named is not sent.
    names: dict[str, str] = field(default_factory=dict)
    sends_once: bool = False

    def send(self, *, sender: str, recipient: str, text: str, reference: str) -> None:
        """POST it, under the reference as Idempotency-Key. Raises as promised by SmsDoor."""
        ours = {"sender": sender, "recipient": recipient, "text": text, "reference": reference}
        asked = {self.names[name]: value for name, value in ours.items() if value and name in self.names}
        headers = {"Idempotency-Key": reference}
        if self.secret:
            headers[self.secret_header] = self.secret
        try:
            answer = requests.post(
                self.url,
                headers=headers,
                timeout=TIMEOUTS,
                allow_redirects=False,
                **({"json": asked} if self.is_json else {"data": asked}),
            )
        # `from None`: what the library says may hold what was sent.
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema):
            raise DoorBusyError("the address of the SMS gateway is wrong") from None
        except requests.RequestException as error:
            if _never_left(error):
                raise DoorBusyError("the SMS gateway cannot be reached") from None
            raise DoorUncertainError("the SMS gateway was asked and did not answer") from None
        _judge(answer.status_code)


def _never_left(error: requests.RequestException) -> bool:
    """Whether the connection was not even made."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    # A connection that broke half-way is no MaxRetryError: nothing is tried again by the library itself.
    cause = error.args[0] if error.args else None
    return isinstance(error, requests.ConnectionError) and isinstance(cause, MaxRetryError)


def _judge(status: int) -> None:
    if status < FIRST_REDIRECT:
        return
    said = f"the SMS gateway answered {status}"
    if status in NOT_NOW or status < FIRST_REFUSAL:
        raise DoorBusyError(said)
    if status < FIRST_BREAKAGE:
        raise DoorRefusedError(said)
    # It broke while it held the message: before or after it was carried, nobody knows.
    raise DoorUncertainError(said)


def sms_door() -> SmsDoor:
    """The door of this installation. Raises DoorBusyError where none is set: a message waits for it."""
    if settings.OUTBOX:
        return NowhereSmsDoor()
    gateway = settings.SMS_GATEWAY
    if not gateway["url"]:
        raise DoorBusyError("no SMS gateway is set")
    return HttpSmsDoor(**gateway)
