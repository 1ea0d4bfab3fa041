"""The door by which the gateway of SMS tells: what somebody answered, what became of a message.

What is told is signed with a secret that only the two know, over the hour and the body: it can be neither invented nor
changed, and what was told some minutes ago is not heard again. A gateway that only repeats a secret is let in by that,
where the installation says so; what it tells twice is still heard once, by its reference.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

# Seconds between our clock and the gateway's: older, it is somebody who repeats.
TOLERANCE = 300
LONGEST_HOUR = 12  # digits
# An SMS joined from ten, in a wordy envelope, is a tenth of it.
LONGEST_BODY = 64 * 1024


class NotOursError(Exception):
    """Whoever asks is not the gateway, or says again what it said: there is nothing here for them."""


def told_by_gateway(request: HttpRequest) -> Mapping[str, object]:
    """What the gateway posted, as JSON or as a form.

    Raises NotOursError for anybody else, ValueError for what is neither or too long.
    """
    door = settings.SMS_WEBHOOKS
    if request.method != "POST" or not door["secret"]:
        raise NotOursError
    body = _body(request)
    if door["is_signed"]:
        _check_signature(request, body)
    elif not constant_time_compare(request.headers.get(door["secret_header"], ""), door["secret"]):
        raise NotOursError
    if request.content_type != "application/json":
        return request.POST
    told = json.loads(body)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def signature_of(body: bytes, at: str) -> str:
    """What the gateway signs: HMAC-SHA256 in hexadecimal of « hour.body », the hour in seconds since 1970."""
    secret = settings.SMS_WEBHOOKS["secret"].encode()
    return hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()


def _body(request: HttpRequest) -> bytes:
    """Read no more than what a gateway says, whoever asks."""
    length = request.headers.get("Content-Length", "")
    if not length.isascii() or not length.isdigit() or int(length) > LONGEST_BODY:
        raise ValueError("too long")
    try:
        return request.body
    except RequestDataTooBig:
        raise ValueError("too long") from None


def _check_signature(request: HttpRequest, body: bytes) -> None:
    door = settings.SMS_WEBHOOKS
    at = request.headers.get(door["timestamp_header"], "")
    given = request.headers.get(door["signature_header"], "").removeprefix("sha256=")
    if not at.isascii() or not at.isdigit() or len(at) > LONGEST_HOUR or abs(time.time() - int(at)) > TOLERANCE:
        raise NotOursError
    if not constant_time_compare(given, signature_of(body, at)):
        raise NotOursError
