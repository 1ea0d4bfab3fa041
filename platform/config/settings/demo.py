"""For `make demo` and for trying commands by hand: embedded server, plain HTTP on `*.localhost`."""

from config import secrets
from config.settings.base import *  # noqa: F403

SECRET_KEY = secrets.kept("secret_key", VAR)  # noqa: F405
MASTER_KEYS = [secrets.kept("master_key", VAR)]  # noqa: F405
SITE_NOTICE = "Démonstration : les personnes et les demandes de ce site sont inventées."
# `make demo` writes its port there, so that commands typed beside it tell addresses that open.
DEMO_PORT = VAR / "demo.port"  # noqa: F405
TOWN_ADDRESS = f"http://{{domain}}:{DEMO_PORT.read_text() if DEMO_PORT.exists() else 8000}"
# Assets straight from their folders: no `collectstatic` (20 s) before a first look.
STATIC_ROOT = None
STORAGES["staticfiles"] = {"BACKEND": "themes.static_files.LooseStaticFiles"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Nothing leaves: every message is read at /boite-d-envoi/.
OUTBOX = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
