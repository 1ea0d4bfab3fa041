"""For the tests: strict, quick, and never a network."""

import os

# Before anything reads it: pytest loads the settings ahead of any conftest.
os.environ.setdefault("PALIER_TEST_SERVER", "1")

from config.settings.base import *  # noqa: F403

SECRET_KEY = "tests"  # noqa: S105
MASTER_KEYS = ["dGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgISE="]
STATIC_ROOT = None
STORAGES["staticfiles"] = {"BACKEND": "themes.static_files.LooseStaticFiles"}  # noqa: F405
# Nothing leaves: every message is read at /boite-d-envoi/.
OUTBOX = True
