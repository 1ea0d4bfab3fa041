"""Keys of towns that are changed while people write, and by the command: real commits, from several connections."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from aid.notes.models import Note
from aid.notes.services import write_note
from aid.vault.models import TownKey
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.vault import master
from tenants.context import town_context
from tenants.registry import TownEntry, registry

CANARY = "Canari confidentiel"


@pytest.fixture
def town(own_database: str) -> TownEntry:
    """Without a note nor a key, whatever was tried before."""
    found = registry.find(FIRST_TOWN)[0]
    with town_context(found):
        Note.objects.all().delete()
        TownKey.objects.all().delete()
    return found


WRITERS, NOTES = 3, 4


def test_keys_are_changed_while_people_write_and_every_note_opens(town):
    with town_context(town):
        account, person = make_account("nadia@ccas.example", "Agents"), make_person()

    def write(number: int) -> None:
        for one in range(NOTES):
            with town_context(town):
                write_note(person, text=f"{number} {one}", by_account=account)

    def change() -> None:
        for _ in range(NOTES):
            call_command("rotate_keys", "--towns", "--json")

    works = [lambda number=number: write(number) for number in range(WRITERS)]
    assert all_at_once([*works, change]) == [None] * (WRITERS + 1)
    call_command("rotate_keys", "--towns", "--json")
    with town_context(town):
        told = {one.get_sealed_display() for one in Note.objects.all()}
        assert told == {f"{number} {one}" for number in range(WRITERS) for one in range(NOTES)}
        assert TownKey.objects.count() == 1


def test_the_command_tells_the_towns_that_it_could_not_open(town, settings, capsys):
    with town_context(town):
        write_note(make_person(), text=CANARY, by_account=make_account("paul@ccas.example", "Agents"))
    former, new = settings.MASTER_KEYS[0], master()
    settings.MASTER_KEYS = [new]
    with pytest.raises(CommandError, match="1 ville"):
        call_command("rotate_keys")
    assert CANARY not in "".join(capsys.readouterr())
    settings.MASTER_KEYS = [new, former]
    call_command("rotate_keys")
    assert "1 clé(s) enveloppée(s)" in capsys.readouterr().out
    settings.MASTER_KEYS = [new]
    with town_context(town):
        assert Note.objects.get().get_sealed_display() == CANARY
