"""Master keys."""

import base64
import os


def master() -> str:
    """Another one."""
    return base64.b64encode(os.urandom(32)).decode()
