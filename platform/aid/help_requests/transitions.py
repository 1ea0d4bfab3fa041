"""Steps of a request: one door for all, so that each is allowed, journalled and told to who listens."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import Account
from aid.help_requests.enums import TRANSITIONS, Transition
from aid.help_requests.models import HelpRequest, RequestStep, StepWords
from aid.people.models import Person

Listener = Callable[[HelpRequest], None]
_listeners: dict[str, list[Listener]] = {transition.name: [] for transition in TRANSITIONS}


class NotAllowedError(Exception):
    """The request is not where this step starts; the message says where it stands, in French."""


def listen(transition: Transition, listener: Listener) -> None:
    """Have `listener` called, in the same transaction, after each such step. For rooms above, from `ready()`."""
    if listener not in _listeners[transition.name]:
        _listeners[transition.name].append(listener)


def write_step(
    request: HelpRequest,
    name: str,
    *,
    before: str = "",
    by_account: Account | None = None,
    by_person: Person | None = None,
    words: str = "",
) -> RequestStep:
    """Add a line to the journal of a request, with its words beside it: those can be forgotten."""
    step = RequestStep.objects.create(
        request=request,
        name=name,
        from_state=before,
        to_state=request.state,
        by_account=by_account,
        by_person=by_person,
    )
    if words:
        StepWords.objects.create(step=step, words=words)
    return step


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
        raise NotAllowedError(f"Cette demande est {locked.state_said}.")
    before = locked.state
    locked.state = transition.target
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *changes])
    write_step(locked, transition.name, before=before, by_account=by_account, by_person=by_person, words=words)
    for listener in _listeners[transition.name]:
        listener(locked)
    return locked
