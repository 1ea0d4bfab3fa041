"""The end of a contract, announced by two people: one proposes it, another confirms it in a session of their own.

The law is `billing.contracts.announce_end`'s (ninety days, a reason, somebody at the town), which is asked both times;
nothing is announced before the second person has confirmed.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from billing.contracts import NotAllowedError, announce_end
from billing.models import Contract
from console.models import EndProposal
from core.text import tidy

ANOTHER = "une autre personne de l’équipe"


def waiting(contract: Contract) -> EndProposal | None:
    """The end that waits for a second person."""
    return EndProposal.objects.filter(contract=contract, closed_at=None).select_related("proposed_by").first()


@transaction.atomic
def propose(
    contract: Contract, *, on: datetime.date, referent: str, words: str, by: Account, today: datetime.date
) -> EndProposal:
    """Propose an end: nothing changes until somebody else confirms. Raises as `announce_end`, and NotAllowedError."""
    # Two who propose at once are told so, one after the other.
    Contract.objects.select_for_update().get(pk=contract.pk)
    with transaction.atomic():
        announce_end(
            contract, by=by.email, agreed_by=ANOTHER, words=words, on=on, referent=referent, today=today
        )  # fmt: skip
        # Tried, and taken back: all that would be refused to the second person is refused to the first.
        transaction.set_rollback(True)
    if waiting(contract):
        raise NotAllowedError("Une fin de ce contrat est déjà proposée.")
    return EndProposal.objects.create(
        contract=contract, effective_on=on, referent=tidy(referent), words=tidy(words), proposed_by=by
    )


@transaction.atomic
def confirm(proposal: EndProposal, *, by: Account, today: datetime.date) -> Contract:
    """Announce the end. Raises NotAllowedError for who proposed it, or one that waits no more; as `announce_end`."""
    locked = _locked(proposal)
    if locked.proposed_by_id == by.pk:
        raise NotAllowedError("Une autre personne que vous doit confirmer cette fin.")
    announced = announce_end(
        locked.contract,
        by=locked.proposed_by.email,
        agreed_by=by.email,
        words=locked.words,
        on=locked.effective_on,
        referent=locked.referent,
        today=today,
    )
    _close(locked, by, is_confirmed=True)
    return announced


@transaction.atomic
def drop(proposal: EndProposal, *, by: Account) -> EndProposal:
    """Give up an end that nobody confirmed. Raises NotAllowedError."""
    return _close(_locked(proposal), by, is_confirmed=False)


def _locked(proposal: EndProposal) -> EndProposal:
    locked = EndProposal.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=proposal.pk)
    if locked.closed_at is not None:
        raise NotAllowedError("Cette proposition n’attend plus : voyez l’histoire du contrat.")
    return locked


def _close(proposal: EndProposal, by: Account, *, is_confirmed: bool) -> EndProposal:
    proposal.closed_by, proposal.closed_at, proposal.is_confirmed = by, timezone.now(), is_confirmed
    proposal.save()
    return proposal
