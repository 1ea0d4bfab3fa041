"""Accounts of support are nobody's: the back-office neither lists nor changes them."""

from django.db.models import Q
from django.http import Http404, HttpRequest
from wagtail import hooks

from accounts import back_office
from accounts.models import Account
from aid.support.models import SupportAccess

back_office.hide(Q(support_access__isnull=False))


@hooks.register("before_edit_user")
@hooks.register("before_delete_user")
def not_these(request: HttpRequest, user: Account) -> None:
    """Answer as for an account that is not there."""
    if SupportAccess.objects.filter(account=user).exists():
        raise Http404
