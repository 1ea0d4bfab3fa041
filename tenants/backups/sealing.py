"""Encryption of a stream: AES-256-GCM by chunks, so that a backup is never whole in memory nor in clear on a disk.

A file is `MAGIC`, a random salt, a check of the key, the chunks, `END`. Salt and key give, by HKDF-SHA256, a key for
this file alone; so a nonce is the chunk's number, and one more byte that is set on the last one. A chunk that is
changed, moved, repeated or missing, the last one included, is refused (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015). `END` proves nothing: it lets a file that was cut short be named as such.
"""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tenants.backups.errors import BackupError

MAGIC = b"palier backup 1\n"
END = b"\npalier backup end\n"
SALT_BYTES, CHECK_BYTES, TAG_BYTES = 32, 16, 16
HEADER_BYTES = len(MAGIC) + SALT_BYTES + CHECK_BYTES
CHUNK = 64 * 1024

NOT_A_BACKUP = "Ce fichier n’est pas une sauvegarde de Palier."
WRONG_KEY = "Cette clé n’ouvre pas cette sauvegarde."
CUT_SHORT = "Cette sauvegarde est incomplète : la fin du fichier manque."
DAMAGED = "Cette sauvegarde est abîmée ou a été modifiée : rien n’en est repris."


def _derive(key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    """The cipher of one file, and what tells whether the key is the right one."""
    derived = HKDF(algorithm=SHA256(), length=32 + CHECK_BYTES, salt=salt, info=MAGIC).derive(key)
    return AESGCM(derived[:32]), derived[32:]


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer:
    """Writes a sealed file. What was written is whole after `close`, and refused by `Opener` before."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        self._file = file
        self._cipher, check = _derive(key, salt)
        self._number = 0
        self._waiting = bytearray()
        file.write(MAGIC + salt + check)

    def write(self, data: bytes) -> None:
        """Seal every chunk that is full; the last one waits, since it is sealed differently."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Seal the last chunk. The file itself is the caller's to close."""
        self._seal(bytes(self._waiting), is_last=True)
        self._file.write(END)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, None))
        self._number += 1


class Opener:
    """Reads a sealed file from its start. Every method raises BackupError for what is not as it was sealed."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        file.seek(0)
        header = file.read(HEADER_BYTES)
        if header[: len(MAGIC)] != MAGIC[: len(header)] or not header:
            raise BackupError(NOT_A_BACKUP)
        size = file.seek(0, os.SEEK_END)
        if size < HEADER_BYTES + TAG_BYTES + len(END):
            raise BackupError(CUT_SHORT)
        file.seek(-len(END), os.SEEK_END)
        if file.read() != END:
            raise BackupError(CUT_SHORT)
        self._cipher, check = _derive(key, header[len(MAGIC) : -CHECK_BYTES])
        if check != header[-CHECK_BYTES:]:
            raise BackupError(WRONG_KEY)
        self._file = file
        self._left = size - HEADER_BYTES - len(END)
        self._number = 0
        file.seek(HEADER_BYTES)

    def read_chunk(self) -> bytes:
        """The next chunk in clear; nothing after the last one."""
        if not self._left:
            return b""
        sealed = self._file.read(min(CHUNK + TAG_BYTES, self._left))
        self._left -= len(sealed)
        try:
            chunk = self._cipher.decrypt(_nonce(self._number, is_last=not self._left), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise BackupError(DAMAGED) from error
        self._number += 1
        return chunk

    def check_all(self) -> None:
        """Read to the end and keep nothing: whatever is wrong with the file is known before anything is made."""
        while self._left:
            self.read_chunk()
