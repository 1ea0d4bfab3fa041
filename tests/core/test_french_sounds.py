"""Names that sound alike have one key, and names that do not have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.french_sounds import sound
from core.text import fold


@pytest.mark.parametrize(
    "alike",
    [
        "Dupont Dupond Dupon", "Philippe Philipe Filip", "Lefèvre Lefebvre Lefevre", "Marthe Marte", "Jeanne Jane",
        "Michel Michèle Michelle Mychel", "Gauthier Gautier Gotier", "Thibault Thibaud Thibaut Tibo Thibeau",
        "Renault Renaud Reno Renaut", "Mathieu Matthieu Mathieux", "Catherine Katherine", "Christophe Kristof",
        "François Francois Fransois", "Georges Jorge George", "Durand Durant Duran", "Yves Ives Yve",
        "Legrand Legran", "Leblanc Leblan", "Lacroix Lacroi", "Deschamps Deschamp Dechamp", "Henri Henry Anri",
        "Geneviève Jeneviève", "Nathalie Natalie", "Élisabeth Elizabeth", "Hélène Elène", "Benoît Benoist Benoi",
        "Boulanger Boulangé", "Perrin Perin Perrain", "Chloé Kloé", "Xavier Xavié", "Agnès Agnes",
        "Camille Kamille Kamil", "Laurent Lorent Laurant", "Fournier Fournié", "Moreau Moro Moraud",
        "Jacques Jaques Jacque", "Lambert Lembert", "Thérèse Terese", "Haddad Adad", "Beaumont Bomont",
    ],
)  # fmt: skip
def test_spellings_of_one_name_have_one_key(alike):
    assert len({sound(name) for name in alike.split()}) == 1, [sound(name) for name in alike.split()]


@pytest.mark.parametrize(
    "apart",
    [
        "Martin Martine", "Jean Jeanne", "Marc Marthe Marie", "Simon Simone", "Louis Louise", "Denis Denise",
        "Alain Aline Anne Agnès", "Dubois Dupuis", "Petit Petitjean", "Roux Rose Leroy Leroux", "Bertrand Bernard",
    ],
)  # fmt: skip
def test_names_that_are_told_apart_have_their_own(apart):
    names = apart.split()
    assert len({sound(name) for name in names}) == len(names), [sound(name) for name in names]


def test_another_alphabet_comes_back_as_it_is_searched():
    assert sound("Ирина") == "ирина"
    assert sound("") == ""


@given(st.text(max_size=40))
def test_any_word_has_a_key_that_its_accents_and_capitals_do_not_change(word):
    assert sound(word) == sound(fold(word))
