"""The WSGI door: what gunicorn serves."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from core.memory import keep_what_is_loaded

application = get_wsgi_application()
# A process answers once its pages are loaded: else its first visitor would wait for them.
for addresses in (settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF):
    get_resolver(addresses).url_patterns  # noqa: B018 (read to be loaded)
keep_what_is_loaded()
