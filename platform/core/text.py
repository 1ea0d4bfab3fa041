"""Words as people type them, brought to one form that a database can compare.

No server of PostgreSQL is sure to have `unaccent` or a French collation: what must be found or kept unique
whatever its accents and capitals is stored folded, in a column of its own.
"""

import re
import unicodedata

# Letters that no Unicode decomposition splits.
_WHOLE_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
# Signs that nobody sees: of no width, or that turn the direction of what follows, so that a name reads as another.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_ALIKE = {"LATIN", "CYRILLIC", "GREEK"}
# Pointed Hebrew and Vietnamese have two or three.
_PILED_MARKS = re.compile("m{5}")
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def tidy(text: str) -> str:
    """Return `text` as it is kept: composed (NFC), without invisible signs, its spaces made one.

    Tidying twice changes nothing more. Every name that is written down goes through here: two names that look the same
    are the same.
    """
    composed = unicodedata.normalize("NFC", _CONTROLS.sub("", _INVISIBLE.sub("", text)))
    return " ".join(composed.split())


def mixes_alphabets(text: str) -> bool:
    """Whether a word is written in letters of several alphabets that look alike: it reads as another name."""
    return any(len(_ALIKE & {unicodedata.name(char, "").split(" ")[0] for char in word}) > 1 for word in text.split())


def piles_marks(text: str) -> bool:
    """Whether marks are piled on one letter so as to cover what is written around it."""
    marks = "".join("m" if unicodedata.category(char) in {"Mn", "Me"} else "." for char in text)
    return _PILED_MARKS.search(marks) is not None


def tidy_lines(text: str) -> str:
    """Return `text` tidied line by line; lines at the ends that say nothing are dropped."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def fold(text: str) -> str:
    """Return `text` in lower case, without accents nor ligatures, each run of punctuation made one space.

    Folding twice changes nothing more. Letters of other alphabets are kept.
    """
    text = _INVISIBLE.sub("", text)
    plain = unicodedata.normalize("NFKD", _without_marks(text).casefold()).translate(_WHOLE_LETTERS)
    kept = (char if char.isalnum() else " " for char in _without_marks(plain))
    return " ".join("".join(kept).split())


def expand_saints(folded: str) -> str:
    """Return a folded name with « st », « ste » and their plurals written in full, as words of their own."""
    return " ".join(_SAINTS.get(word, word) for word in folded.split())


def slug(text: str) -> str:
    """Return `text` as ASCII letters and digits joined by hyphens, for an address; it may be empty."""
    return _NOT_ASCII_WORD.sub("-", fold(text)).strip("-")


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.category(char).startswith("M"))
