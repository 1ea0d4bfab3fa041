"""The end of an access: by its operator, by the town, or by its hour."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from accounts.sessions import sign_out_everywhere
from aid.support.models import SupportAccess


@transaction.atomic
def end(access: SupportAccess, *, by_account: Account | None = None) -> None:
    """Shut an access now, with its sessions and its role. Over already, it only loses what it may still have.

    `by_account` is who of the town does; None for the operator, or its hour.
    """
    locked = SupportAccess.objects.select_for_update(of=["self"]).select_related("account").get(pk=access.pk)
    if locked.is_running:
        locked.ended_at = timezone.now()
        locked.ended_by = by_account
    locked.link, locked.link_ends_at = "", None
    locked.save()
    account = locked.account
    account.groups.clear()
    account.is_active = False
    account.save(update_fields=["is_active"])
    sign_out_everywhere(account)
