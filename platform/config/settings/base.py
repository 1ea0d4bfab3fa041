"""What every process of Palier shares. Each other file of this folder says only what differs.

Everything that an installation may change is read from the environment: `deploy/environment.example` lists it.
"""

import os
from pathlib import Path

from config import csp, database


def pairs(text: str) -> dict[str, str]:
    """Read « ours=theirs,ours=theirs »."""
    return dict(one.strip().split("=", 1) for one in text.split(",") if "=" in one)


ROOT = Path(__file__).resolve().parents[3]
# openpyxl would read the files of people by lxml, which is here for invoices, and pass over entities that defusedxml
# refuses. It reads this once, when it is loaded.
os.environ["OPENPYXL_LXML"] = "False"

VAR = Path(os.environ.get("PALIER_VAR", ROOT / "var"))

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY", "")
# Wraps the key of each town (core.sealing): the first is in use, former ones only open what they wrapped.
MASTER_KEYS = [
    key
    for key in (
        os.environ.get("PALIER_MASTER_KEY", ""),
        *os.environ.get("PALIER_FORMER_MASTER_KEYS", "").split(),
    )
    if key
]
PLATFORM_DOMAIN = os.environ.get("PLATFORM_DOMAIN", "localhost")
# How a town's address is written, for people: the demo has a port.
TOWN_ADDRESS = os.environ.get("TOWN_ADDRESS", "https://{domain}")
# Who hosts, for the legal notice of every town.
HOSTING = os.environ.get("HOSTING", "")
# What every page says first, such as that its people are invented; nothing where empty.
SITE_NOTICE = ""
# What lies under the maps of towns that chose nothing: tiles, in https, and whom to credit. None where empty.
MAP_TILES_URL = os.environ.get("MAP_TILES_URL", "")
MAP_TILES_CREDIT = os.environ.get("MAP_TILES_CREDIT", "")
# The middleware answers 404 to a host that no town owns; Django's own list would have to know every town.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS: list[str] = []

# --- Rooms: what lives once (public schema), what lives in every town
SHARED_APPS = [
    "tenants",
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "accounts",
    "allauth.account",
    "allauth.mfa",
    "console",
    "billing",
    "geography",
    "procrastinate.contrib.django",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "accounts",
    "allauth.account",
    "aid.vault",
    "allauth.mfa",
    "aid.configuration",
    "aid.territory",
    "aid.facts",
    "aid.people",
    "aid.privacy",
    "aid.notes",
    "aid.photos",
    "aid.notifications",
    "aid.followups",
    "aid.moderation",
    "aid.relations",
    "aid.partners",
    "aid.worries",
    "aid.onboarding",
    "aid.cards",
    "aid.offers",
    "aid.profiles",
    "aid.help_requests",
    "aid.matching",
    "aid.proposals",
    "aid.nearby",
    "aid.recognition",
    "aid.directory",
    "aid.support",
    "api",
    "cms",
    "wagtail.contrib.settings",
    "accounts.apps.BackOfficeUsersConfig",  # wagtail.users, with our forms
    "wagtail.images",
    "wagtail.documents",
    "wagtail.admin",
    "wagtail.search",
    "wagtail",
    "wagtail.sites",
    "modelcluster",
    "taggit",
]
# Without tables: neither shared nor of a town. First, what each static file that a page names looks for in this list.
STATIC_APPS = ["whitenoise.runserver_nostatic", "django.contrib.staticfiles"]
PLAIN_APPS = [
    "core",
    "themes",
    "allauth",
    "aid.desk",
    "aid.personal",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.postgres",
    "django.contrib.messages",
    "csp",
]
INSTALLED_APPS = STATIC_APPS + SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS] + PLAIN_APPS

AUTH_USER_MODEL = "accounts.Account"
# The second signs nobody in: it says whose a session of support is, as long as that access runs.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "aid.support.access.SupportBackend"]
TENANT_MODEL = "tenants.Town"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": database.web()}
# The login that opens and migrates towns; None where this process may not (a web server).
PROVISIONING_DATABASE = database.provisioning()

# --- A request
ROOT_URLCONF = "config.urls_town"
PUBLIC_SCHEMA_URLCONF = "config.urls_platform"
WSGI_APPLICATION = "config.wsgi.application"
MIDDLEWARE = [
    "config.health.answer_probe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.csp.back_office_policy",
    "tenants.middleware.FindTown",
    "cms.middleware.VisitorPages",
    "tenants.middleware.EnterTown",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.middleware.BackOfficeDoor",
    "aid.support.middleware.SupportLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "aid.personal.middleware.Acting",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "themes.context_processors.page",
            ],
            # Zero is singular in French.
            "builtins": ["core.template_filters"],
        },
    }
]

# --- Language and time. French public bodies are the customers: plain French texts, no gettext of our own.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

# --- Sessions and cookies stay on the host that set them
SESSION_ENGINE = "accounts.sessions"
# What a visitor typed is kept while the browser is open; accounts.sessions says how long a sign-in lasts.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = csp.PUBLIC
# The back-office shows pages in a frame of the same site: preview and accessibility checker.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SECURE_REFERRER_POLICY = "same-origin"

# --- Sign-in, for everybody and everywhere, by a code of six digits (accounts.adapter).
# Residents and volunteers may have a password beside it (accounts.passwords).
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.SixDigits"
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm", "confirm_login_code": "accounts.forms.CodeForm"}
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# Nobody signs up here: that no password is asked for at sign-up is what makes sign-in ask for none.
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Nothing is written to who is unknown; accounts.adapter makes it take as long.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
# A code that was sent again is as long-lived as the first (accounts.views).
ACCOUNT_LOGIN_TIMEOUT = 3600
# E-mails and SMS alike: without it, SMS would carry letters.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# Counted by accounts.limits, in tables: caches here forget whenever the town changes what it shows.
ACCOUNT_RATE_LIMITS = False
# The second step of the town's own people and operators (accounts.second_step, accounts.factors): its tables, its
# passkeys. Its pages, limits and used codes are ours.
MFA_ADAPTER = "accounts.mfa.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# How many proxies stand in front and write X-Forwarded-For: whose address to count (accounts.limits).
PROXIES_IN_FRONT = 0

# --- Caches: the town and the version of what it shows are in every key
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "tenants.cache.make_key",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Whole pages as visitors see them (cms.middleware): few, since each weighs some 30 kB.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "KEY_FUNCTION": "tenants.cache.make_key",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/fichiers/"
MEDIA_ROOT = VAR / "media"
PRIVATE_ROOT = VAR / "private"
# What PDFs are set in (core.printing).
PRINTING_FONTS = ROOT / "themes" / "fonts"
STORAGES = {
    "default": {"BACKEND": "tenants.files.PublicStorage"},
    "private": {"BACKEND": "tenants.files.PrivateStorage"},
    "staticfiles": {"BACKEND": "themes.static_files.StaticFiles"},
}

# --- The API of a town (api): JSON only, and nothing of it opens to the pages of other sites
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.BearerAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],  # each endpoint says whom it is for
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Told",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.errors.answer",
    "NON_FIELD_ERRORS_KEY": "detail",
    "TIME_FORMAT": "%H:%M",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "L’API du territoire",
    "DESCRIPTION": "Pour les autres sites du territoire, et les logiciels de ses partenaires.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    # Both are the urgency of something.
    "ENUM_NAME_OVERRIDES": {
        "UrgencyEnum": "aid.partners.enums.Urgency",
        "RequestUrgencyEnum": "aid.help_requests.enums.Urgency",
    },
    "PREPROCESSING_HOOKS": ["api.schema.only_endpoints"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.tell_errors"],
}

# --- Doors to the outside. With OUTBOX nothing leaves: messages are read on a page, which is for trying only.
OUTBOX = False
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_SECURITY = os.environ.get("EMAIL_SECURITY") or "starttls"
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_SENDER") or f"messages@{PLATFORM_DOMAIN}"
SMS_GATEWAY = {
    "url": os.environ.get("SMS_GATEWAY_URL", ""),
    "secret_header": os.environ.get("SMS_GATEWAY_SECRET_HEADER") or "Authorization",
    "secret": os.environ.get("SMS_GATEWAY_SECRET", ""),
    "is_json": (os.environ.get("SMS_GATEWAY_FORMAT") or "json") == "json",
    "names": pairs(
        os.environ.get("SMS_GATEWAY_FIELDS") or "sender=sender,recipient=recipient,text=text,reference=reference"
    ),
    "sends_once": os.environ.get("SMS_GATEWAY_SENDS_ONCE") == "1",
}
# What the gateway tells us (core.doors.inbound), and by which names: ours=theirs.
SMS_WEBHOOKS = {
    "secret": os.environ.get("SMS_WEBHOOKS_SECRET", ""),
    "is_signed": (os.environ.get("SMS_WEBHOOKS_SIGNED") or "1") == "1",
    "signature_header": os.environ.get("SMS_WEBHOOKS_SIGNATURE_HEADER") or "X-Signature",
    "timestamp_header": os.environ.get("SMS_WEBHOOKS_TIMESTAMP_HEADER") or "X-Timestamp",
    "secret_header": os.environ.get("SMS_WEBHOOKS_SECRET_HEADER") or "Authorization",
    "replies": pairs(os.environ.get("SMS_REPLIES_FIELDS") or "sender=sender,text=text,reference=reference"),
    "receipts": pairs(os.environ.get("SMS_RECEIPTS_FIELDS") or "reference=reference,state=state"),
    # Its words to ours; any other is news of the way, and changes nothing.
    "states": pairs(
        os.environ.get("SMS_RECEIPTS_STATES")
        or "delivered=delivered,undelivered=unreached,failed=unreached,rejected=unreached,expired=unreached"
    ),
}

# --- Jobs
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- Wagtail: nothing of a town leaves for another company's server
WAGTAIL_SITE_NAME = "Palier"
WAGTAILADMIN_BASE_URL = f"https://{PLATFORM_DOMAIN}"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
# No page or document has a password, and no screen here gives one: who may read a private one signs in.
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
# What opens somebody's door is changed by an administrator, in the screens of users, where it is checked.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Addresses are read aloud on the telephone: no accents.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "français")]
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
# What people print and fill in; nothing that a browser or a computer would run.
WAGTAILDOCS_EXTENSIONS = ["pdf", "odt", "ods", "docx", "xlsx", "csv", "txt"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}}

# Libraries that tell each of their steps, with titles of pages, or all of an invoice.
_TALKATIVE = ("procrastinate", "django_tasks", "wagtail", "modelsearch", "factur-x", "pikepdf", "pypdf")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"town": {"()": "tenants.logs.TownFilter"}},
    "formatters": {
        "line": {
            "()": "tenants.logs.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(town)s] %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["town"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {name: {"level": "WARNING"} for name in _TALKATIVE},
}
