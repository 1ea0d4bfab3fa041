"""The WSGI door: what gunicorn serves."""

from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from core.memory import keep_what_is_loaded

application = get_wsgi_application()
# A process answers once its pages are loaded: else its first visitor would wait for them.
for addresses in (settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF):
    import_module(addresses)
keep_what_is_loaded()
