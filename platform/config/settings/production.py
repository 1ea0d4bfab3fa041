"""For a real installation: HTTPS behind a proxy, a server of PostgreSQL that is kept."""

import os

from config.settings.base import *  # noqa: F403

SECRET_KEY = os.environ["SECRET_KEY"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The proxy of deploy/Caddyfile: it writes X-Forwarded-For itself, and drops what a visitor wrote there.
PROXIES_IN_FRONT = 1
