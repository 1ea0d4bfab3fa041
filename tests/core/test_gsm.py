"""What an SMS can say, and how many it makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gsm import ALPHABET, segments, to_gsm


@pytest.mark.parametrize(
    ("written", "travels"),
    [
        ("Demain à 10\u00a0h, Émile l’a promis\u00a0!", "Demain à 10 h, Émile l'a promis !"),
        ("«\u00a0oui\u00a0» — «\u202fnon\u202f» “peut-être”", '"oui" - "non" "peut-etre"'),
        ("fête à Noël, cœur, ça, Ça, ÊTRE, où, îlot…", "fete à Noel, coeur, ca, Ça, ETRE, où, ilot..."),
        ("03\u00a044\u202f72", "03 44 72"),
        ("Merci 🙏🏽 bien", "Merci  bien"),
        ("Ольга", "?????"),
        ("12 € [ok]", "12 € [ok]"),
        ("e\u0301te\u0301", "été"),
        ("№ 4, n° 5, 2 ½", "No 4, no 5, 2 1/2"),
    ],
)
def test_a_text_keeps_its_words(written, travels):
    assert to_gsm(written) == travels


@given(st.text(max_size=200))
def test_whatever_is_written_travels_and_only_once_changed(text):
    sent = to_gsm(text)
    assert set(sent) <= ALPHABET
    assert to_gsm(sent) == sent
    assert segments(sent) * 160 >= len(sent)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # An escape and its sign are not parted: 152 signs, then 76 euros a part.
        ("a" * 152 + "€" * 77, 3),
        ("a" * 153 + "€" * 76, 2),
    ],
)
def test_parts_are_counted_as_they_are_paid_for(text, count):
    assert segments(text) == count
