"""The verbs of applications: let one in, end it, know it by its token."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Account
from accounts.scopes import Scope
from aid.partners.models import PartnerContact
from api.models import SHOWN, Application
from core.text import tidy

# Says what it is where somebody finds one in a file, and in the scanners of those who host code.
MARK = "palier_"
REVOKED = "api.revoke"
# As sessions are: one line in an hour says that it is in use.
SEEN_EVERY = timedelta(hours=1)


@transaction.atomic
def let_in(
    *, name: str, scopes: Iterable[Scope], ends_on: date, by_account: Account, contact: PartnerContact | None = None
) -> tuple[Application, str]:
    """Make an application, and the token that is shown this once. It serves until the end of its last day.

    Raises ValidationError, by field, for a day further than a year, or flags that nobody answers for.
    """
    token = MARK + secrets.token_urlsafe(32)
    made = Application(
        name=tidy(name),
        scopes=sorted(set(scopes)),
        contact=contact,
        prefix=token[:SHOWN],
        digest=_digest(token),
        ends_at=timezone.make_aware(datetime.combine(ends_on, time.max)),
    )
    if contact is not None and not PartnerContact.objects.open().filter(pk=contact.pk).exists():
        raise ValidationError({"contact": "Ce contact ne signale plus. Choisissez-en un autre."})
    made.full_clean(exclude=["account"])
    made.account = Account.objects.create_account(first_name="Logiciel", last_name=made.name)
    made.save()
    log(instance=made, action="wagtail.create", user=by_account)
    return made, token


@transaction.atomic
def revoke(application: Application, *, by_account: Account) -> Application:
    """Have a token open nothing any more, at once. A second time changes nothing."""
    known = Application.objects.select_for_update(of=["self"]).get(pk=application.pk)
    if known.revoked_at is None:
        known.revoked_at = timezone.now()
        known.save(update_fields=["revoked_at"])
        log(instance=known, action=REVOKED, user=by_account)
    return known


def application_of(token: str) -> Application | None:
    """Whose token this is, of those that serve now in this town; None for any other. Keeps that it was used."""
    found = Application.objects.running().select_related("account").filter(digest=_digest(token)).first()
    if found is not None:
        now = timezone.now()
        unseen = Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY)
        if found.last_used_at is None or found.last_used_at < now - SEEN_EVERY:
            Application.objects.filter(unseen, pk=found.pk).update(last_used_at=now)
    return found


def _digest(token: str) -> str:
    """A plain hash is enough for what is long and drawn at random."""
    return hashlib.sha256(token.encode()).hexdigest()
