"""Operators, and their accesses to a town."""

from typing import Any

from accounts.models import Account
from accounts.services import invite_operator
from aid.support.models import SupportAccess
from aid.support.services import new_link, open_access
from tenants.context import platform_context

REASON = "Mme Roy nous a appelés : sa liste ne s’importe pas."


def an_operator(email: str = "sylvie@palier.example") -> Account:
    """Somebody of the platform; the connection may be in a town."""
    with platform_context():
        return invite_operator(email=email)


def an_access(operator: Account | None = None, **asked: Any) -> SupportAccess:
    """An access to the town that the connection is in: to read, for half an hour."""
    operator = operator or an_operator()
    usual = {"reason": REASON, "minutes": 30, "acts": False}
    return open_access(operator=operator.pk, operator_name=operator.email, **usual | asked)


def a_link(access: SupportAccess) -> str:
    """The path that enters it."""
    return f"/assistance/{new_link(access)}/"
