"""What is kept sealed: texts under a key of their town, itself wrapped by the platform's master key.

The master key is of the environment, never in the database: who reads the tables, or a backup of them, reads nothing
of what is sealed. AES-256-GCM with a random nonce; what a text belongs to is bound to it, so that one that was moved
elsewhere opens no more.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register

KEY_BYTES, NONCE_BYTES, NAME_BYTES = 32, 12, 8
WRAPPING, NAMING = b"palier wrapping", b"palier name of a master key"


class SealError(Exception):
    """This does not open: another key, another place, or what was changed. Says nothing of what was in it."""


def new_key() -> bytes:
    """A key that nobody has yet: 256 bits."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, text: str, *, bound_to: str) -> bytes:
    """Seal a text, for the place that `bound_to` names and no other."""
    return _encrypt(key, text.encode(), bound_to.encode())


def unseal(key: bytes, sealed: bytes, *, bound_to: str) -> str:
    """The text. Raises SealError."""
    return _decrypt(key, bytes(sealed), bound_to.encode()).decode()


def wrap(key: bytes, *, bound_to: str) -> bytes:
    """A town's key, sealed by the master key in use, whose name is told first. Raises SealError where there is none."""
    master = _masters()[0]
    return _derived(master, NAMING)[:NAME_BYTES] + _encrypt(_derived(master, WRAPPING), key, bound_to.encode())


def unwrap(wrapped: bytes, *, bound_to: str) -> bytes:
    """A town's key, by the master key that wrapped it: the one in use, or a former one. Raises SealError."""
    name, sealed = bytes(wrapped[:NAME_BYTES]), bytes(wrapped[NAME_BYTES:])
    for master in _masters():
        if _derived(master, NAMING)[:NAME_BYTES] == name:
            return _decrypt(_derived(master, WRAPPING), sealed, bound_to.encode())
    raise SealError("no master key of ours wrapped this")


def is_wrapped_by_the_key_in_use(wrapped: bytes) -> bool:
    """Whether former master keys are of no use to open this one. Raises SealError where there is no master key."""
    return bytes(wrapped[:NAME_BYTES]) == _derived(_masters()[0], NAMING)[:NAME_BYTES]


def _encrypt(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def _decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):
        raise SealError("this was sealed by another key, for another place, or was changed") from None


def _derived(master: bytes, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=use).derive(master)


def _masters() -> list[bytes]:
    """The master keys, the one in use first."""
    if not settings.MASTER_KEYS:
        raise SealError("there is no master key: PALIER_MASTER_KEY")
    return [_decoded(text) for text in settings.MASTER_KEYS]


def _decoded(text: str) -> bytes:
    """Either alphabet of base64, padded or not."""
    plain = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SealError("a master key is 32 random bytes, in base64")
    return key


@register(Tags.security, deploy=True)
def master_keys_are_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """An installation has a master key, and each former one can be read."""
    try:
        _masters()
    except SealError as error:
        return [Error(f"Nothing could be sealed: {error}.", id="core.E006")]
    return []
