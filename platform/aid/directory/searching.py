"""Finding a referent by a theme, a place, a name, and a professional by the same rule; whatever the accents.

What a visitor types is never kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from aid.directory.models import Referent, ReferentQuerySet, Theme
from aid.territory.models import CoveredCommune, District, Sector
from aid.territory.services import point_of
from core.text import expand_saints, fold
from themes.brand import NO_BREAK_SPACE

EVERYWHERE = "tout le territoire"
LONGEST_QUERY = 80
Place = CoveredCommune | District | Sector


@dataclass(frozen=True)
class Spot:
    """A place of a referent, and its centre as attributes of HTML hold it; no centre where nobody knows it."""

    name: str
    latitude: str = ""
    longitude: str = ""

    @classmethod
    def of(cls, place: Place) -> "Spot":
        """A sector, a commune or a district: its centre, never a point of somebody's own."""
        point = point_of(place)
        return cls(str(place), *point.written) if point else cls(str(place))


@dataclass(frozen=True)
class Card:
    """A referent, as a list shows them."""

    referent: Referent
    themes: tuple[str, ...]
    spots: tuple[Spot, ...]

    @property
    def where(self) -> str:
        """« Nantes, Rezé », « tout le territoire »."""
        return ", ".join(spot.name for spot in self.spots) or EVERYWHERE

    @property
    def what(self) -> str:
        """« la mobilité, l’emploi »; empty for who knows about everything."""
        return ", ".join(self.themes)

    @property
    def called(self) -> str:
        """How a map names them: « Alice M., référente »."""
        return f"{self.referent.name}, {self.referent.get_title_display()}"


@dataclass(frozen=True)
class Wanted:
    """What is looked for, as an address says it: words, the number of a theme, the code of a commune."""

    words: str = ""
    theme: str = ""
    commune: str = ""

    @property
    def is_anything(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.words or self.theme or self.commune)

    @cached_property
    def begun(self) -> list[str]:
        """What each word begins with that is looked for."""
        return _words_of(self.words[:LONGEST_QUERY])


def card_of(referent: Referent) -> Card:
    """A referent whom `with_places` read."""
    return Card(
        referent=referent,
        themes=tuple(str(theme) for theme in referent.themes.all()),
        spots=tuple(Spot.of(place) for place in places_of(referent)),
    )


def places_of(referent: Referent) -> list[Place]:
    """What a referent is for, the largest first; nothing for the whole territory."""
    return [*referent.sectors.all(), *referent.communes.all(), *referent.districts.all()]


def find(wanted: Wanted, *, among: ReferentQuerySet, communes: Iterable[CoveredCommune]) -> list[Card]:
    """Who fits what is looked for, by name, among those that a visitor sees; `communes` are all of the territory's.

    They are looked for by their name, their themes, their places (`fits`).
    """
    everywhere = list(communes)
    found = []
    for referent in among.with_places():
        card = card_of(referent)
        fits_theme = not wanted.theme or any(str(theme.pk) == wanted.theme for theme in referent.themes.all())
        if fits_theme and fits(wanted, [card.called, card.what], places_of(referent), everywhere):
            found.append(card)
    return sorted(found, key=lambda card: (fold(card.referent.name), card.referent.pk))


def themes() -> list[Theme]:
    """Those that a visitor may choose: somebody knows about each."""
    return list(Theme.objects.filter(referents__in=Referent.objects.on_site()).distinct())


def fits(wanted: Wanted, named: Iterable[str], places: Iterable[Place], everywhere: Iterable[Place]) -> bool:
    """Whether what is known of somebody fits the words and the commune that are looked for.

    Each word must begin one of theirs: of what they are `named`, or of their places, without which they are for the
    whole territory: `everywhere`.
    """
    there = list(places)
    if wanted.commune and there and wanted.commune not in {code for place in there for code in _codes(place)}:
        return False
    if not wanted.begun:
        return True
    known = _words_of(" ".join([*named, *(name for place in there or everywhere for name in _names(place))]))
    return all(any(one.startswith(word) for one in known) for word in wanted.begun)


def _codes(place: Place) -> list[str]:
    match place:
        case CoveredCommune():
            return [place.commune_id]
        case District():
            return [place.commune.commune_id]
        case Sector():
            return [code for part in (*place.communes.all(), *place.districts.all()) for code in _codes(part)]


def _names(place: Place) -> list[str]:
    """The names by which a place is looked for: a district by its commune's too, a sector by those of its parts."""
    match place:
        case District():
            return [str(place), str(place.commune)]
        case Sector():
            return [
                str(place),
                *(name for part in (*place.communes.all(), *place.districts.all()) for name in _names(part)),
            ]
        case _:
            return [str(place)]


# What is typed around what is looked for: « un référent à Nantes pour l’emploi ».
_SMALL = {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur", "un", "une"}


def _words_of(text: str) -> list[str]:
    folded = expand_saints(fold(text.replace("\x00", " ").replace(NO_BREAK_SPACE, " ")))
    return [word for word in folded.split() if word not in _SMALL]
