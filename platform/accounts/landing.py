"""Where somebody arrives once signed in: rooms above say which page is whose."""

from django.urls import NoReverseMatch, reverse

from accounts.models import Account
from accounts.roles import Role, roles_of

# Who has several roles arrives where there is most to do.
BY_PRECEDENCE = (
    Role.OPERATOR,
    Role.BILLING,
    Role.ADMINISTRATOR,
    Role.AGENT,
    Role.COORDINATOR,
    Role.PARTNER,
    Role.VOLUNTEER,
    Role.RESIDENT,
)
HOME = "/"
_pages: dict[Role, str] = {}


def register(role: Role, url_name: str) -> None:
    """Have accounts of this role arrive at the view named `url_name`; the last to speak is heard."""
    _pages[role] = url_name


def page_of(role: Role) -> str:
    """The page of a role; empty where it has none on this site."""
    try:
        return reverse(_pages[role])
    except (KeyError, NoReverseMatch):
        return ""


def path_for(account: Account) -> str:
    """The page of the first role that has one on this site; else the home page."""
    roles = roles_of(account)
    for role in BY_PRECEDENCE:
        if role in roles and (page := page_of(role)):
            return page
    return HOME
