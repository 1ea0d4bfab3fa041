"""Two confirm the same end at once, in two sessions: it is announced once."""

import datetime

from django.utils import timezone

from billing.enums import ContractState
from billing.models import Contract
from console.billing_desk import ending
from harness.at_once import all_at_once
from harness.billing import ready
from harness.books import CLARA, HUGO, PONT, biller
from tenants.context import platform_context


def test_it_is_announced_once(own_database):
    today = timezone.localdate()
    with platform_context():
        contract = ready(None, {PONT: 1200}, state=ContractState.ACTIVE)
        hugo, clara = biller(HUGO), biller(CLARA)
        proposal = ending.propose(
            contract,
            on=today + datetime.timedelta(days=91),
            referent="Mme Roy",
            words="Le service est repris.",
            by=clara,
            today=today,
        )

    def confirm() -> Contract:
        with platform_context():
            return ending.confirm(proposal, by=hugo, today=today)

    told = all_at_once([confirm, confirm])
    assert sorted(type(one).__name__ for one in told) == ["Contract", "NotAllowedError"]
    with platform_context():
        assert contract.steps.filter(state=ContractState.ENDING).count() == 1
