"""Personal links: a short token that opens one thing, for who holds it, without signing in.

A token is the row's number and a code that only this installation can compute for this town: it cannot be guessed,
changed, nor used in another town. What it may still do is for the row to say (its state, its dates).
"""

import base64

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

# 80 bits in sixteen letters and digits: no sign that a telephone takes for the end of an address.
CODE_BYTES = 10


def token_for(purpose: str, number: int) -> str:
    """The token of a row, for a purpose (« answer », « follow »…), in the town that the connection is in."""
    return f"{number}-{_code(purpose, number)}"


def number_of(purpose: str, token: str) -> int | None:
    """The row's number that a token opens for this purpose, in this town; None if it is not a token of ours."""
    digits, _, code = token.partition("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < len(str(2**63))) or digits.startswith("0"):
        return None
    number = int(digits)
    return number if constant_time_compare(code, _code(purpose, number)) else None


def _code(purpose: str, number: int) -> str:
    digest = salted_hmac("core.links", f"{connection.schema_name}:{purpose}:{number}", algorithm="sha256").digest()
    return base64.b32encode(digest[:CODE_BYTES]).decode().lower()
