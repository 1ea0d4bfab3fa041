"""Steps of a request: one door for all, so that each is allowed, journalled and told to who listens."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import Account
from aid.help_requests.enums import TRANSITIONS, RequestState, Transition
from aid.help_requests.models import HelpRequest, RequestStep
from aid.people.models import Person

Listener = Callable[[HelpRequest], None]
_listeners: dict[str, list[Listener]] = {transition.name: [] for transition in TRANSITIONS}


class NotAllowedError(Exception):
    """The request is not where this step starts; the message says where it stands, in French."""


def listen(transition: Transition, listener: Listener) -> None:
    """Have `listener` called, in the same transaction, after each such step. For rooms above, from `ready()`."""
    if listener not in _listeners[transition.name]:
        _listeners[transition.name].append(listener)


@transaction.atomic
def take(
    request: HelpRequest,
    transition: Transition,
    *,
    by_account: Account | None = None,
    by_person: Person | None = None,
    words: str = "",
    **changes: object,
) -> HelpRequest:
    """Take a step, with the fields that change along; answer the request as it then is.

    The row is locked and read again: of several who try at once, one passes. Raises NotAllowedError for the others.
    """
    locked = HelpRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if locked.state not in transition.sources:
        raise NotAllowedError(f"Cette demande est {RequestState(locked.state).label}.")
    before = locked.state
    locked.state = transition.target
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *changes])
    RequestStep.objects.create(
        request=locked,
        name=transition.name,
        from_state=before,
        to_state=transition.target,
        by_account=by_account,
        by_person=by_person,
        words=words,
    )
    for listener in _listeners[transition.name]:
        listener(locked)
    return locked
