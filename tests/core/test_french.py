import pytest

from core.french import held_together, of_place


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
