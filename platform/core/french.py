"""French grammar and typography that templates and letters need."""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import date_format

from core.text import fold

_CONTRACTED = {"le ": "du ", "les ": "des "}
_OPENS_ON_A_VOWEL = re.compile(r"[aeiouyh]")
# An H elides (« d’Hyères »), save where usage aspirates it; to the ear, « Ouistreham » and « Yutz » open on
# a consonant.
_NEVER_ELIDED = re.compile(r"haut|oui|yu|(haguenau|ham|hayange|hem|hoenheim|honfleur|huningue)\b")


_BEFORE_A_SIGN = re.compile(r"(?<=\S) (?=[?!:;»])")
_AFTER_A_QUOTE = re.compile(r"« ")
_HELD = "\u00a0"


def held_together(text: str) -> str:
    """A text as it is shown: « ? ! : ; » stay on the line of the word before, whatever space was typed."""
    return _AFTER_A_QUOTE.sub(f"«{_HELD}", _BEFORE_A_SIGN.sub(_HELD, text))


def of_place(name: str) -> str:
    """Return the name of a place after « de »: « de Grenoble », « d’Annecy », « du Mans », « des Ulis ».

    « La » and « L’ » stay (« de La Rochelle », « de L’Isle-Adam »). A name in H elides unless usage is known
    to aspirate it; a town whose usage differs writes its own words.
    """
    for article, contracted in _CONTRACTED.items():
        if name.lower().startswith(article):
            return contracted + name[len(article) :]
    folded = fold(name)
    elided = _OPENS_ON_A_VOWEL.match(folded) and not _NEVER_ELIDED.match(folded)
    return f"d’{name}" if elided else f"de {name}"


def day_words(on: datetime.date, form: str = "j F Y") -> str:
    """« 1er décembre 2026 »; in another `form` of Django's, « mardi 1er décembre ». An hour is told as it is given."""
    return date_format(on, form.replace("j", r"j\e\r") if on.day == 1 else form)


def grouped(number: int) -> str:
    """« 1 255 », whose space does not break."""
    return f"{number:,}".replace(",", "\u00a0")


def decimals(read: Decimal) -> str:
    """A value as its file gives it, its useless zeros apart: « 612,4381 »."""
    whole, _, part = f"{read:f}".partition(".")
    part = part.rstrip("0")
    return f"{grouped(int(whole))},{part}" if part else grouped(int(whole))


def listed(words: Sequence[str]) -> str:
    """« Alice », « Alice et Bernard », « Alice, Bernard et Chloé »."""
    *firsts, last = words
    return f"{', '.join(firsts)} et {last}" if firsts else last


def duration_words(minutes: int) -> str:
    """« 45 minutes », « 1 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0minute{'s' if rest > 1 else ''}"
    return f"{hours}\u00a0h\u00a0{rest:02}" if rest else f"{hours}\u00a0h"


# A number that everybody reads stands for so many: no difference of two of them tells of one person.
TELLS = 3


def at_least(count: int) -> int | None:
    """What may be told of how many people there are: rounded down by threes, None under three."""
    return count // TELLS * TELLS or None


def at_least_words(count: int) -> str:
    """The same in words: « quelques-uns », « au moins 6 »."""
    told = at_least(count)
    return f"au moins {told}" if told else "quelques-uns"
