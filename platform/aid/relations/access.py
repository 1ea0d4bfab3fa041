"""Who may open what of this room. What is absent and what is another's answer the same 404."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from accounts.models import Account
from accounts.roles import is_staff
from aid.people.models import Person
from aid.relations.models import Invitation, Mandate


def mandate_between(uid: UUID, person: Person) -> Mandate:
    """A mandate in force that this person gave, or holds. Raises Http404."""
    theirs = Mandate.objects.in_force().with_persons().filter(Q(principal=person) | Q(representative=person))
    return _found(theirs.filter(uid=uid).first())


def mandate_about(uid: UUID, person: Person) -> Mandate:
    """For the desk: any mandate that this person gave, or holds. Raises Http404."""
    theirs = Mandate.objects.with_persons().filter(Q(principal=person) | Q(representative=person))
    return _found(theirs.filter(uid=uid).first())


def invitation_from(uid: UUID, principal: Person) -> Invitation:
    """An offer that waits, of this person's own. Raises Http404."""
    return _found(Invitation.objects.waiting().filter(uid=uid, principal=principal).first())


def invitations_to(account: Account, person: Person) -> list[Invitation]:
    """What waits for who reads at a contact of this account, which a code proved; nothing for the town's own people.

    Of a couple that shares a telephone, one may offer it to the other: whose offer it is does not see it.
    """
    if is_staff(account):
        return []
    waiting = Invitation.objects.waiting().to(phone=account.phone or "", email=account.email or "")
    return list(waiting.exclude(principal=person).select_related("principal"))


def invitation_to(uid: UUID, account: Account, person: Person) -> Invitation:
    """One of those. Raises Http404."""
    return _found(next((one for one in invitations_to(account, person) if one.uid == uid), None))


def _found(one: Any) -> Any:
    if one is None:
        raise Http404
    return one
