"""Secrets that the machine makes for itself: generated once, kept in a file that only their owner reads."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex, token_urlsafe


def kept(name: str, folder: Path) -> str:
    """Return the secret `name` of `folder`, made at the first call (43 characters, 256 bits).

    It is stored in `folder/secrets/name`, readable by its owner only. Processes that ask at the same moment
    all get the same value. Raises OSError when the folder cannot be written or read.
    """
    place = folder / "secrets"
    path = place / name
    try:
        return path.read_text()
    except FileNotFoundError:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place / f".{name}-{token_hex(8)}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            # A link, not a rename: the first process wins, and nobody ever reads half a secret.
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text()
