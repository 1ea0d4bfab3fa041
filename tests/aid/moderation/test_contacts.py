"""Telephones, addresses and links are masked however they are written; what is none of these is left alone."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aid.moderation.contacts import EMAIL, LINK, MASKS, PHONE, mask

UNITS = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
TEENS = ["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"]
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
PHONE_MASK, EMAIL_MASK, LINK_MASK = (f"[{MASKS[sort]}]" for sort in (PHONE, EMAIL, LINK))


def said(number: int) -> str:
    """Two digits as the French say them."""
    ten, unit = divmod(number, 10)
    if ten == 0:
        return f"zéro {UNITS[unit]}"
    if ten == 1:
        return TEENS[unit]
    if ten in (7, 9):
        head = "soixante" if ten == 7 else "quatre-vingt"
        return f"{head} et onze" if number == 71 else f"{head}-{TEENS[unit]}"
    if ten == 8:
        return "quatre-vingts" if unit == 0 else f"quatre-vingt-{UNITS[unit]}"
    return TENS[ten] + ("" if unit == 0 else " et un" if unit == 1 else f"-{UNITS[unit]}")


pairs = st.lists(st.integers(0, 99), min_size=4, max_size=4)
starts = st.integers(1, 9)
separators = st.sampled_from(
    [" ", "", ".", "-", "\u00a0", "\u202f", " . ", "_", "/", ", ", " - ", "\u200b", "*", ") ", "\n"]
)


@given(starts, pairs, separators, st.sampled_from(["0", "+33", "+33 ", "0033", "0033 ", "+33 (0)", "+ 33 ", "o", "O"]))
def test_numbers_in_figures_are_masked(start, rest, separator, prefix):
    written = prefix + separator.join([str(start), *(f"{pair:02}" for pair in rest)])
    assert mask(f"Appelez le {written}, merci") == f"Appelez le {PHONE_MASK}, merci", written


@given(starts, pairs, st.sampled_from([" ", ", ", " - ", "\n", "… "]), st.lists(st.booleans(), min_size=5, max_size=5))
def test_numbers_in_words_are_masked_even_half_in_figures(start, rest, separator, spoken):
    groups = [start, *rest]
    written = separator.join(said(one) if aloud else f"{one:02}" for one, aloud in zip(groups, spoken, strict=True))
    assert mask(f"C’est le {written} !") == f"C’est le {PHONE_MASK} !", written


@given(starts, pairs)
def test_numbers_said_digit_by_digit_are_masked(start, rest):
    digits = f"0{start}" + "".join(f"{pair:02}" for pair in rest)
    assert PHONE_MASK in mask("Mon numéro : " + " ".join(UNITS[int(one)] for one in digits))


AT = ["@", " @ ", "(at)", " [at] ", " arobase ", " arobas ", " Arobase ", "(arobase)", "＠"]
DOT = [".", " point ", "(point)", " (dot) ", " . "]


@pytest.mark.parametrize(("at", "dot"), list(itertools.product(AT, DOT)))
@settings(max_examples=15)
@given(local=st.from_regex(r"[a-z][a-z0-9_]{2,12}", fullmatch=True), host=st.from_regex(r"[a-z]{3,12}", fullmatch=True))
def test_addresses_are_masked(at, dot, local, host):
    assert mask(f"Écrivez à {local}{at}{host}{dot}fr, merci") == f"Écrivez à {EMAIL_MASK}, merci"


@pytest.mark.parametrize(
    "link",
    [
        "https://exemple.fr/page?a=1", "http://exemple.com", "HTTPS://EXEMPLE.FR", "www.exemple.fr", "exemple.fr",
        "bit.ly/abc", "mon-site.shop/offre", "hxxp://exemple.fr", "wa.me/33639980001", "exemple point fr",
        "www point exemple point com", "https : // exemple.fr",
    ],
)  # fmt: skip
def test_links_are_masked(link):
    assert mask(f"Voyez {link}, c’est bien.") == f"Voyez {LINK_MASK}, c’est bien."


letters = st.text("abcdefghijklmnopqrstuvwyéèàçœ ,;’'!?\n", max_size=300)


@given(letters)
def test_a_text_without_a_contact_is_left_as_it_is(text):
    assert mask(text) == text


@given(st.text(max_size=300))
def test_masking_twice_masks_no_more(text):
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "J’ai 3 enfants, 2 chats et 75 ans en 2026.",
        "Le 01/02/2024 à 18 h 30, puis le 03.04.2025 de 9 h à 12 h.",
        "Ouvert 09:00, 10:30, 12:30, 14:00.",
        "Quatre-vingt-dix-sept bougies, cent vingt invités et un gâteau.",
        "Faisons un point à 10 h.Et après, un café ?",
        "En cas d’urgence, faites le 15, le 17, le 18 ou le 112.",
        "SIRET 732 829 320 00074",
        "J’adore la série 24 et le 1er de chaque mois ; 10 000 pas par jour, 1 250,50 km.",
        "e\u0301te\u0301 déco\u0302t",
    ],
)
def test_dates_hours_ages_and_prices_are_left_alone(text):
    assert mask(text) == text


@pytest.mark.parametrize("text", ["a" * 20_000, "zéro " * 4000, "un cent " * 3000, "0 " * 10_000, "jean point " * 2000])
def test_a_hostile_text_costs_no_more_than_a_long_one(text):
    assert len(mask(text)) >= len(text) // 20
