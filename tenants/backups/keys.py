"""The key of the backups: 32 random bytes, written in base64 so that they can be printed and kept in a safe."""

import base64
import binascii
import os
import stat
from pathlib import Path

from tenants.backups.errors import BackupError

VARIABLE = "PALIER_BACKUP_KEY"
KEY_BYTES = 32


def make_key(path: Path) -> None:
    """Write a new key in a file that only its owner reads. Raises BackupError if there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BackupError(
            f"Il y a déjà un fichier {path} : une clé ne se remplace pas, les sauvegardes en dépendent."
        ) from error
    except OSError as error:
        raise BackupError(f"La clé n’a pas pu être écrite : {error.strerror}.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.urlsafe_b64encode(os.urandom(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def load_key(path: Path | None) -> bytes:
    """The key of a file, else of the environment. Raises BackupError: absent, not a key, or readable by others."""
    if path is None:
        text = os.environ.get(VARIABLE, "")
        if not text:
            raise BackupError(f"Aucune clé n’est donnée : --key-file, ou la variable {VARIABLE}.")
        return _decoded(text, VARIABLE)
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BackupError(f"La clé {path} est lisible par d’autres : chmod 600 {path}")
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"La clé {path} ne peut pas être lue.") from error
    return _decoded(text, str(path))


def _decoded(text: str, source: str) -> bytes:
    try:
        # Either alphabet of base64, so that `openssl rand -base64 32` makes one too.
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BackupError(f"{source} n’est pas une clé de sauvegarde : backup --new-key en fait une.")
    return key
