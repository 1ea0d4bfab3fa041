"""Words of a list found in a text: by French stems, forgiving accents, capitals, figures for letters, spaced letters.

Stems are PostgreSQL's own (`french_stem`, which every server has): « arnaques » and « arnaquer » are one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

from core.text import fold

Key = TypeVar("Key")
_WORD = re.compile(r"\w+")
_LETTERS_FOR = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "€": "e", "!": "i"}
    # Letters of other alphabets that look like ours.
    | dict(zip("аеорсухіѕкмтнваΑΕΟΡΧΙΚΜΤΝ", "aeopcyxiskmtnbaaeopxikmtn", strict=True))
)
_REPEATED = re.compile(r"(.)\1{2,}")
_SPACED = re.compile(r"(?<!\w)(?:\w[\s.*_-]){3,}\w(?!\w)")
# A stem as short as this says little of a word that lost as many letters for it.
LITTLE = 4
_STEMS = "SELECT word, ts_lexize('french_stem', word) FROM unnest(%s::text[]) AS word"


@dataclass(frozen=True)
class _Said:
    """A word of a text, folded, and as it was written."""

    word: str
    written: str


def find(text: str, lists: Mapping[Key, Iterable[str]]) -> dict[Key, list[str]]:
    """Which expressions of which list a text has, as they are written in it, each once. One query."""
    readings = [list(_words(text)), list(_disguised(text)), list(_spaced(text))]
    wanted = {key: [words for one in expressions for words in _spellings(one)] for key, expressions in lists.items()}
    spoken = {said.word for reading in readings for said in reading}
    stems = _stems(spoken | {word for many in wanted.values() for words in many for word in words})
    keys: dict[tuple[str, ...], list[Key]] = {}
    for key, many in wanted.items():
        for words in filter(None, many):
            keys.setdefault(tuple(stems[word] for word in words), []).append(key)
    found: dict[Key, list[str]] = {}
    for reading in readings:
        for length in {len(words) for words in keys}:
            for place in range(len(reading) - length + 1):
                part = reading[place : place + length]
                for key in keys.get(tuple(stems[said.word] for said in part), ()):
                    found.setdefault(key, []).append(" ".join(said.written for said in part))
    return {key: list(dict.fromkeys(many)) for key, many in found.items()}


def _spellings(expression: str) -> list[list[str]]:
    """The words of an expression; one with a hyphen is written without it too."""
    words = fold(expression).split()
    return [words, ["".join(words)]] if "-" in expression else [words]


def _stems(words: Iterable[str]) -> dict[str, str]:
    """The stem of each word; the word itself for those that have none."""
    known = sorted(words)
    if not known:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [known])
        return {word: _root(word, lexemes[0]) if lexemes else word for word, lexemes in cursor.fetchall()}


def _root(word: str, stem: str) -> str:
    """The stem of a word; the word itself where too little is left of it: « connasse » is no « je connais »."""
    is_little = len(stem) <= LITTLE <= len(word) - len(stem)
    return word.removesuffix("s") if is_little else stem


def _words(text: str) -> Iterator[_Said]:
    for found in _WORD.finditer(text):
        for word in fold(found.group()).split():
            yield _Said(word, found.group())


def _disguised(text: str) -> Iterator[_Said]:
    """The same with figures and signs read as the letters that they stand for: « 4rn@que », « arn.aaaque »."""
    for written in text.split():
        word = "".join(fold(written.casefold().translate(_LETTERS_FOR)).split())
        if any(char.isalpha() for char in written) and word:
            yield _Said(_REPEATED.sub(r"\1", word), written)


def _spaced(text: str) -> Iterator[_Said]:
    """Words whose letters stand apart: « a r n a q u e ». Each is alone: nothing is said around it."""
    for found in _SPACED.finditer(text):
        word = "".join(fold(found.group()).split())
        if word:
            yield _Said(word, found.group())
