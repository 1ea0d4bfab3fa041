"""Keys of towns: of one town each, useless without the master key, changed while people write."""

import base64

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from aid.notes.models import Note
from aid.notes.services import write_note
from aid.vault import services
from aid.vault.models import TownKey
from core import sealing
from core.sealing import SealError
from harness.desk import make_account, make_person
from harness.vault import master
from tenants.context import town_context

CANARY = "Canari confidentiel"


@pytest.fixture
def note(town):
    return write_note(make_person(), text=CANARY, by_account=make_account("nadia@ccas.example", "Agents"))


@pytest.mark.django_db
def test_the_tables_hold_nothing_that_can_be_read(note):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM notes_note")
        stored = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT wrapped FROM vault_townkey")
        (wrapped,) = [bytes(row[0]) for row in cursor.fetchall()]
    assert CANARY.encode() not in stored
    key = note.sealed_with.opened()
    assert key not in wrapped
    assert Note.objects.get().get_sealed_display() == CANARY


@pytest.mark.django_db
def test_a_text_opens_in_its_own_place_only(note):
    other = write_note(note.person, text="Autre", by_account=note.written_by)
    other.sealed = note.sealed
    with pytest.raises(SealError):
        other.get_sealed_display()
    note.sealed = bytes(note.sealed[:-1]) + bytes([note.sealed[-1] ^ 1])
    with pytest.raises(SealError) as error:
        note.get_sealed_display()
    assert CANARY not in str(error.value)


@pytest.mark.django_db
def test_no_two_towns_have_one_key(note, other_town):
    with town_context(other_town):
        assert TownKey.objects.count() == 0, "a blueprint has none"
        theirs = write_note(make_person(), text="Autre", by_account=make_account("agent@lormes.example", "Agents"))
        assert theirs.sealed_with.opened() != note.sealed_with.opened()
        theirs.sealed_with.wrapped = note.sealed_with.wrapped
        with pytest.raises(SealError):
            theirs.sealed_with.opened()


@pytest.mark.django_db
def test_another_master_key_wraps_anew_and_the_former_one_may_go(note, settings):
    former, new = settings.MASTER_KEYS[0], master()
    settings.MASTER_KEYS = [new]
    with pytest.raises(SealError):
        Note.objects.get().get_sealed_display()
    settings.MASTER_KEYS = [new, former]
    assert Note.objects.get().get_sealed_display() == CANARY
    assert services.rewrap() == 1
    assert services.rewrap() == 0, "once"
    settings.MASTER_KEYS = [new]
    assert Note.objects.get().get_sealed_display() == CANARY


@pytest.mark.django_db
def test_another_key_of_the_town_seals_again_what_there_was(note):
    first = note.sealed_with
    services.change_key()
    written = write_note(note.person, text="Après", by_account=note.written_by)
    assert written.sealed_with != first
    assert services.drop_former_keys() == 1, "it still seals a note"
    assert services.reseal_some() == 1
    assert services.reseal_some() == 0
    assert services.drop_former_keys() == 0
    assert [one.get_sealed_display() for one in Note.objects.order_by("pk")] == [CANARY, "Après"]
    assert TownKey.objects.get() == written.sealed_with


@pytest.mark.django_db
def test_one_key_seals_and_one_that_seals_cannot_go(note):
    with pytest.raises(IntegrityError), transaction.atomic():
        TownKey.made().save()
    with pytest.raises(ProtectedError):
        note.sealed_with.delete()


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [[], ["court"], [base64.b64encode(b"x" * 31).decode()], ["é" * 43]])
def test_an_installation_without_a_right_master_key_is_refused_and_keeps_nothing(town, settings, keys):
    settings.MASTER_KEYS = keys
    assert [error.id for error in sealing.master_keys_are_keys(None)] == ["core.E006"]
    with pytest.raises(SealError):
        write_note(make_person(), text=CANARY, by_account=make_account("nadia@ccas.example", "Agents"))
    assert not Note.objects.exists()
