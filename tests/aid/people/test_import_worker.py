"""The worker imports a list from the queue, in steps that commit, and another town sees nothing of it."""

import io

import pytest

from accounts.models import Account
from aid.people.enums import ImportState
from aid.people.importing import services
from aid.people.models import PeopleImport, Person
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.jobs import empty_queue, run_worker, states
from harness.towns import entry_of
from tenants.context import town_context
from tenants.files import folder_of


@pytest.fixture
def town(own_database):
    yield entry_of(FIRST_TOWN)
    empty_queue()


def test_the_worker_checks_then_writes_down_and_the_file_is_gone(town):
    with town_context(town):
        administrator = Account.objects.create_account(email="admin@ccas.example")
        file = io.BytesIO("Prénom;Tél\r\nZoé;06 39 98 00 01\r\nMax;12\r\n".encode())
        made = services.start_import(file=file, by_account=administrator)
        services.check_import(made, columns=made.columns)
    kept = folder_of(town.schema_name, "PRIVATE_ROOT") / "imports" / f"{made.uid}.table"
    assert kept.exists()
    run_worker()
    with town_context(town):
        made = PeopleImport.objects.get()
        assert made.state == ImportState.CHECKED
        services.confirm_import(made, creates_known=False)
    run_worker()
    with town_context(town):
        assert PeopleImport.objects.get().state == ImportState.DONE
        assert Person.objects.get().first_name == "Zoé"
    assert not kept.exists()
    assert states("people.write_rows") == {"succeeded": 1}
    assert states("people.forget_import") == {"todo": 1}  # in a week
    with town_context(entry_of(SECOND_TOWN)):
        assert not PeopleImport.objects.exists()
        assert not Person.objects.exists()
