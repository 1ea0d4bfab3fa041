import datetime
import itertools

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from core.french import at_least, at_least_words, day_words, held_together, of_place


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grenoble", "de Grenoble"),
        ("Annecy", "d’Annecy"),
        ("Évry-Courcouronnes", "d’Évry-Courcouronnes"),
        ("Œting", "d’Œting"),
        ("Yvetot", "d’Yvetot"),
        ("Yutz", "de Yutz"),
        ("Ouistreham", "de Ouistreham"),
        ("Hyères", "d’Hyères"),
        ("Haguenau", "de Haguenau"),
        ("Ham", "de Ham"),
        ("Hambach", "d’Hambach"),
        ("Haute-Goulaine", "de Haute-Goulaine"),
        ("Le Mans", "du Mans"),
        ("Les Sables-d’Olonne", "des Sables-d’Olonne"),
        ("La Rochelle", "de La Rochelle"),
        ("L’Isle-Adam", "de L’Isle-Adam"),
        ("Lescar", "de Lescar"),
        ("Leers", "de Leers"),
        ("le Pays de Mormal", "du Pays de Mormal"),
    ],
)
def test_de_before_the_name_of_a_place(name, expected):
    assert of_place(name) == expected


def test_signs_stay_with_the_word_before():
    assert (
        held_together("Vous venez ? « Oui », dit-il ; merci !")
        == "Vous venez\u00a0? «\u00a0Oui\u00a0», dit-il\u00a0; merci\u00a0!"
    )
    assert held_together(held_together("Ici : là.")) == "Ici\u00a0: là."


def test_the_first_of_a_month_is_said_as_french_says_it():
    first, other = datetime.datetime(2026, 12, 1, 14, 30, tzinfo=datetime.UTC), datetime.date(2026, 12, 11)
    assert (day_words(first.date()), day_words(other)) == ("1er décembre 2026", "11 décembre 2026")
    assert day_words(first, "l j F, H:i") == "mardi 1er décembre, 14:30"
    page = Template('{% load themes %}{{ on|day }} {{ on|day:"j F à H:i" }}{{ none|day }}')
    at = datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC)
    assert page.render(Context({"on": at, "none": None})) == "1er décembre 2026 1er décembre à 00:30"


# Far more than live in a district.
NUMBERS = range(1, 400)
ANSWERS = sorted({at_least(number) for number in NUMBERS if number < 390}, key=lambda answer: answer or 0)


@given(first=st.sampled_from(ANSWERS), second=st.sampled_from(ANSWERS))
def test_no_difference_of_two_counts_tells_of_one_person(first, second):
    """Of two places, two kinds, two days: whatever is seen, one more and several more look alike."""
    of_first, of_second = ([n for n in NUMBERS if at_least(n) == answer] for answer in (first, second))
    differences = {later - earlier for earlier, later in itertools.product(of_first, of_second)}
    assert len(differences) >= 3
    assert (first or 0) % 3 == 0


@given(number=st.integers(1, 10_000))
def test_what_is_told_is_never_more_than_there_are(number):
    told = at_least(number)
    assert (told is None) is (number < 3)
    assert number - 3 < (told or 0) <= number
    assert at_least_words(number) == ("quelques-uns" if number < 3 else f"au moins {told}")


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "cheval"), (1, "cheval"), (1.5, "cheval"), (2, "chevaux"), ("12", "chevaux"), ([], "cheval"), ("?", "cheva")],
)
def test_a_plural_begins_at_two(count, said):
    assert Template('cheva{{ count|pluralize:"l,ux" }}').render(Context({"count": count})) == said
