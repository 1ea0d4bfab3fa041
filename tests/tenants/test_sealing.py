"""The sealed stream: whatever is done to the file, it is refused; left alone, it gives back what was written."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.backups import sealing
from tenants.backups.errors import BackupError
from tenants.backups.members import MemberReader, MemberWriter
from tenants.backups.sealing import CHUNK, DAMAGED, END, HEADER_BYTES, MAGIC, TAG_BYTES, WRONG_KEY, Opener, Sealer

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
# Three chunks, the last one short.
CONTENT = bytes(range(256)) * (CHUNK // 100)


def sealed(content: bytes = CONTENT, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, key)
    sealer.write(content)
    sealer.close()
    return file.getvalue()


def opened(whole: bytes, key: bytes = KEY) -> bytes:
    opener = Opener(io.BytesIO(whole), key)
    return b"".join(iter(opener.read_chunk, b""))


SEALED = sealed()


@given(st.integers(0, 3 * CHUNK))
@settings(max_examples=30, deadline=None)
def test_any_length_comes_back_and_nothing_shows_in_clear(length):
    content = b"Jeanne Canari " * (length // 14)
    whole = sealed(content)
    assert opened(whole) == content
    assert b"Canari" not in whole


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_one_changed_byte_is_refused(place, change):
    spoiled = bytearray(SEALED)
    spoiled[place] ^= change
    with pytest.raises(BackupError):
        opened(bytes(spoiled))


@given(st.integers(0, len(SEALED) - 1))
@settings(max_examples=100, deadline=None)
def test_a_file_cut_short_is_refused_even_if_its_end_is_put_back(length):
    for cut in (SEALED[:length], SEALED[:length] + END):
        if cut != SEALED:
            with pytest.raises(BackupError):
                opened(cut)


def chunks_of(whole: bytes) -> list[bytes]:
    body = whole[HEADER_BYTES : -len(END)]
    return [body[start : start + CHUNK + TAG_BYTES] for start in range(0, len(body), CHUNK + TAG_BYTES)]


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2), (0, 0, 1, 2), (0, 1), (0, 1, 2, 2)])
def test_chunks_moved_left_out_or_repeated_are_refused(order):
    chunks = chunks_of(SEALED)
    assert len(chunks) == 3
    assert opened(SEALED[:HEADER_BYTES] + b"".join(chunks) + END) == CONTENT
    with pytest.raises(BackupError, match=DAMAGED):
        opened(SEALED[:HEADER_BYTES] + b"".join(chunks[number] for number in order) + END)


def test_a_chunk_of_another_backup_under_the_same_key_is_refused():
    other = chunks_of(sealed())
    mixed = SEALED[:HEADER_BYTES] + b"".join([*chunks_of(SEALED)[:1], *other[1:]]) + END
    with pytest.raises(BackupError, match=DAMAGED):
        opened(mixed)


@pytest.mark.parametrize(
    ("whole", "sentence"),
    [
        (b"", sealing.NOT_A_BACKUP),
        (b"PK\x03\x04 a photo album", sealing.NOT_A_BACKUP),
        (MAGIC, sealing.CUT_SHORT),
        (SEALED[: len(SEALED) // 2], sealing.CUT_SHORT),
        (SEALED + b"more", sealing.CUT_SHORT),
    ],
)
def test_what_is_wrong_is_named(whole, sentence):
    with pytest.raises(BackupError) as refusal:
        opened(whole)
    assert str(refusal.value) == sentence


def test_another_key_is_named_as_such():
    assert opened(SEALED) == CONTENT
    with pytest.raises(BackupError, match=WRONG_KEY):
        opened(SEALED, OTHER_KEY)


def test_members_come_back_in_order_and_may_be_left_unread():
    file = io.BytesIO()
    writer = MemberWriter(Sealer(file, KEY))
    long = b"x" * (5 * CHUNK + 1)
    writer.add({"kind": "first"})
    writer.add({"kind": "second"}, iter([long, b"", b"end"]))
    writer.add({"kind": "troisième"}, (b"short",))
    writer.close()
    reader = MemberReader(Opener(file, KEY))
    assert reader.next_label() == {"kind": "first"}
    assert reader.next_label() == {"kind": "second"}
    assert reader.next_label() == {"kind": "troisième"}
    assert b"".join(reader.content()) == b"short"
    assert reader.next_label() is None
    again = MemberReader(Opener(file, KEY))
    again.next_label()
    again.next_label()
    assert b"".join(again.content()) == long + b"end"
