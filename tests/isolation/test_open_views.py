"""Closed by default: a view says whom it is for, or is open for a reason that is written here.

Wagtail's own screens are held by `test_permissions.py`.
"""

from harness import rooms
from harness.addresses import addresses_of

# Views without a guard, since whoever comes may: each with the reason. Any other carries what it asks for
# (accounts.access), be it reached by an address that nobody thought of.
OPEN_TO_ALL = {
    "account_request_login_code": "the door",
    "account_login": "the door",
    "account_confirm_login_code": "the door, half-way: a code was asked for in this browser",
    "account_logout": "the way out",
    "by_letter": "the door, for who holds a letter with a code",
    "by_password": "the door, with a password: a code was asked for in this browser",
    "components": "what pages are made of, without anybody's data",
    "console:home": "what Palier is",
    "console:outbox": "the demonstration's, absent elsewhere",
    "help_requests:what": "anybody asks",
    "help_requests:when": "anybody asks",
    "help_requests:you": "anybody asks",
    "help_requests:code": "anybody asks",
    "help_requests:follow": "who holds the link of a request (help_requests.access)",
    "help_requests:cancel": "who holds the link of a request (help_requests.access)",
    "help_requests:thank": "who holds the link of a request (help_requests.access)",
    "help_requests:how": "who holds the link of a request (help_requests.access)",
    "may_have_certificate": "the proxy's question, answered by yes or no",
    "notifications:outbox": "the demonstration's, absent elsewhere",
    "notifications:reply": "the demonstration's, absent elsewhere",
    "notifications:receive_sms": "who holds the operator of SMS's secret",
    "personal:stay": "who holds the link of who was told that they would be forgotten",
    "proposals:answer": "who holds the link of a proposal (proposals.access)",
    "public_file": "images of the site",
    "support:enter": "who holds the one link of an access (support.access)",
    "themes:stylesheet": "colours",
    "themes:text_size": "how big letters are in this browser",
    "themes:manifest": "the site as an application",
    "themes:icon": "the site's icon",
    "themes:robots": "what search engines may read",
    "wagtail_serve": "the pages that a town has published",
    "wagtailcore_authenticate_with_password": "no page has a password",
    "wagtailcore_login": "leads to the door",
    "wagtaildocs_authenticate_with_password": "no document has a password",
    "wagtaildocs_serve": "documents that a town has published",
} | rooms.OPEN_TO_ALL


def test_every_view_is_guarded_or_open_for_a_reason():
    seen = set()
    for urlconf in ("config.urls_town", "config.urls_platform"):
        for one in addresses_of(urlconf):
            if not one.path.startswith("/gestion/"):
                is_guarded = bool(getattr(one.view, "guard", ""))
                assert is_guarded != (one.name in OPEN_TO_ALL), f"{one.name}: guard it, or say why it is open"
                seen.add(one.name)
    assert set(OPEN_TO_ALL) <= seen
