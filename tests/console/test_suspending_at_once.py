"""Two operators who confirm a suspension at the same instant: it is confirmed once."""

from accounts.models import Account
from console import suspending
from console.enums import SuspensionReason
from console.models import ConsoleAct
from harness.at_once import all_at_once
from harness.console import PAUL, WHY, operator, row_of
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.context import platform_context


def test_two_who_confirm_at_once_suspend_once(own_database):
    with platform_context():
        row = row_of(entry_of(FIRST_TOWN))
        waiting = suspending.ask(row, reason=SuspensionReason.SECURITY, words=WHY, by=operator())
        others = [operator(PAUL), operator("troisieme@palier.example")]

    def confirm(account: Account) -> str:
        with platform_context():
            suspending.confirm(waiting, by=account)
        return "done"

    told = all_at_once([lambda who=who: confirm(who) for who in others])
    assert told.count("done") == 1
    assert [type(one) for one in told if one != "done"] == [suspending.NotAllowedError]
    with platform_context():
        assert ConsoleAct.objects.filter(kind="suspended").count() == 1
        row.refresh_from_db()
        assert row.state == "suspended"
