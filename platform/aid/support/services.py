"""The verbs of support: open an access, give the link that enters it, enter. It ends in `ending`."""

import secrets
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, accounts_in
from aid.notifications.services import send_to_account
from aid.support import texts
from aid.support.access import access_of_link, token_of
from aid.support.jobs import end_at_its_hour
from aid.support.models import SupportAccess
from core.text import tidy

LINK_LASTS = timedelta(minutes=5)
SHORTEST, LONGEST = 15, 4 * 60  # minutes


@transaction.atomic
def open_access(*, operator: int, operator_name: str, reason: str, minutes: int, acts: bool) -> SupportAccess:
    """Let an operator of the platform into the town that the connection is in, from now and for so many minutes.

    The town's administrators are written to. An account is made for it, which nobody can sign in to: its one way in is
    the link, and it has its role as long as the access runs. Raises ValidationError for a reason too short, or a time
    out of bounds.
    """
    if not SHORTEST <= minutes <= LONGEST:
        raise ValidationError({"minutes": "Choisissez de quinze minutes à quatre heures."})
    account = Account.objects.create_account(first_name=texts.FIRST_NAME, last_name=texts.LAST_NAME)
    account.groups.add(Group.objects.get(name=ADMINISTRATORS))
    now = timezone.now()
    access = SupportAccess(
        account=account,
        operator=operator,
        operator_name=operator_name,
        reason=tidy(reason),
        acts=acts,
        begins_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    access.full_clean()
    access.save()
    words = texts.begun(access)
    for administrator in accounts_in(ADMINISTRATORS).filter(support_access=None).exclude(email=None, phone=None):
        key = f"support:{access.pk}:{administrator.pk}"
        send_to_account(administrator, kind="support", key=key, words=words)
    end_at_its_hour.defer(access=access.pk, schedule_at=access.ends_at)
    return access


@transaction.atomic
def new_link(access: SupportAccess) -> str:
    """The token that enters an access, once, within five minutes; any former one opens nothing any more.

    Raises ValidationError for an access that is over.
    """
    locked = SupportAccess.objects.select_for_update().get(pk=access.pk)
    if not locked.is_running:
        raise ValidationError("Cette assistance est terminée.")
    locked.link = secrets.token_hex(16)
    locked.link_ends_at = min(timezone.now() + LINK_LASTS, locked.ends_at)
    locked.save(update_fields=["link", "link_ends_at"])
    return token_of(locked)


@transaction.atomic
def enter(token: str) -> SupportAccess | None:
    """Use a link up: the access that it opens, or None. Of two who come at once with it, one enters."""
    access = access_of_link(token)
    if access is None:
        return None
    waiting = SupportAccess.objects.running().filter(pk=access.pk, link=access.link)
    used = waiting.update(link="", link_ends_at=None, entered_at=access.entered_at or timezone.now())
    return access if used else None
