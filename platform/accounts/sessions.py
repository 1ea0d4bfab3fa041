"""How long a sign-in lasts: half a day at most, or two months on a device that its owner asked us to remember."""

import uuid
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.devices import kind_of
from accounts.models import Account, Session
from accounts.roles import is_staff, refuse_if_shared
from accounts.second_step import PASSED
from core.written import Asked, Rows

SHORT = timedelta(hours=12)
LONG = timedelta(days=60)
REMEMBERED = "remembered"
# In the session: its public number, its device, since when.
BEGUN = "begun"
SEEN_EVERY = timedelta(hours=1)


class SessionStore(DatabaseStore):
    """Sessions in the town's schema; the browser forgets each when it closes, unless told to remember it.

    The row of who signed in says on what device and since when: written with the session itself, and seen again once
    an hour at most, so that no request asks a query more for it.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our own table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = _open_session().ask(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]

    def load(self) -> dict[str, Any]:
        """Read it, and write down that it was seen."""
        kept = self._get_session_from_db()
        if kept is None:
            return {}
        if kept.seen_at is not None and kept.seen_at < timezone.now() - SEEN_EVERY:
            Session.objects.filter(pk=kept.pk).update(seen_at=timezone.now())
        return self.decode(kept.session_data)

    def cycle_key(self) -> None:
        """Another key, and another public number: the row of before is there until this one is."""
        begun = self.get(BEGUN)
        if begun is not None:
            self[BEGUN] = begun | {"uid": str(uuid.uuid4())}
        super().cycle_key()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of these data; whose it is, where somebody signed in."""
        row = super().create_model_instance(data)
        begun = data.get(BEGUN)
        if SESSION_KEY in data and begun is not None:
            row.account_id = int(data[SESSION_KEY])
            row.uid = uuid.UUID(begun["uid"])
            row.device = begun["device"]
            row.began_at = datetime.fromisoformat(begun["at"])
            row.seen_at = timezone.now()
        return row

    def get_expire_at_browser_close(self) -> bool:
        """Django asks it of the end alone: an end at a known hour would outlive the browser."""
        return not self.get(REMEMBERED)


# Asked on each page of who signed in.
@cache
def _open_session() -> Rows:
    """What a browser's cookie opens now; written once."""
    return Rows.of(Session.objects.filter(session_key=Asked("key"), expire_date__gt=Asked("now")))


@receiver(user_logged_in)
def begin(request: HttpRequest, **kwargs: object) -> None:
    """Give a sign-in its end, at a fixed hour: what the session keeps later does not put it off."""
    request.session.pop(REMEMBERED, None)
    request.session.pop(PASSED, None)
    request.session.set_expiry(timezone.now() + SHORT)
    device = kind_of(request.META.get("HTTP_USER_AGENT", ""))
    request.session[BEGUN] = {"uid": str(uuid.uuid4()), "device": device, "at": timezone.now().isoformat()}


def remember(request: HttpRequest) -> None:
    """Keep who has just signed in for longer; never the town's own people, nor the operator's."""
    if request.user.is_authenticated and not is_staff(request.user):
        request.session[REMEMBERED] = True
        request.session.set_expiry(timezone.now() + LONG)


@receiver(m2m_changed, sender=Account.groups.through)
def end_sessions_of_new_staff(
    instance: Account, action: str, *, reverse: bool, pk_set: set[int] | None, **kwargs: object
) -> None:
    """Have who joins the town's people sign in again: a device that remembers a resident opens no desk."""
    if action == "post_add" and pk_set and not reverse:
        sign_out_everywhere(instance)


@receiver(m2m_changed, sender=Account.groups.through)
def refuse_shared_staff(
    instance: Account, action: str, *, reverse: bool, pk_set: set[int] | None, **kwargs: object
) -> None:
    """Keep an account that several enter by out of the town's people, whatever gives it a group.

    Raises ValidationError; forms say it first.
    """
    if action == "pre_add" and pk_set and not reverse:
        refuse_if_shared(instance)


def sign_out_everywhere(account: Account) -> None:
    """End every session of an account: each is checked against its password, which is an unusable one now.

    Who had chosen one begins again by a code (accounts.passwords).

    A request that is under way cannot make one last: their rows only say that they ended.
    """
    account.set_unusable_password()
    account.save(update_fields=["password"])
    Session.objects.open_to(account).update(expire_date=timezone.now())


def uid_of(request: HttpRequest) -> uuid.UUID | None:
    """Which of an account's sessions this is."""
    begun = request.session.get(BEGUN)
    return uuid.UUID(begun["uid"]) if begun else None


def close(account: Account, *, uid: uuid.UUID) -> bool:
    """Sign an account out on one device; False where it is not signed in there."""
    return bool(Session.objects.open_to(account).filter(uid=uid).delete()[0])


def close_others(account: Account, *, but: uuid.UUID | None) -> int:
    """Sign an account out everywhere else; on how many devices."""
    return Session.objects.open_to(account).exclude(uid=but).delete()[0]


def forget_ended() -> int:
    """Take away the sessions whose end has come, which nobody can open; how many."""
    return Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
