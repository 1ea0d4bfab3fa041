"""Telephones, e-mail addresses and links in what people write, found however they are spelled, and masked.

It works on a copy of the text in plain letters (no accent, no invisible sign, every script's digits as ours), where
each letter knows the place it had: what is masked is cut out of the text itself, and nothing else of it changes.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

PHONE, EMAIL, LINK = "phone", "email", "link"
MASKS = {
    PHONE: "numéro masqué\u00a0: passez par la mairie",
    EMAIL: "adresse masquée\u00a0: passez par la mairie",
    LINK: "lien masqué\u00a0: passez par la mairie",
}


@dataclass(frozen=True)
class Contact:
    """One contact in a text: of what sort, and from which sign to which."""

    sort: str
    start: int
    end: int


def find_contacts(text: str) -> list[Contact]:
    """Every contact in a text, in its order; two that touch are one."""
    plain = _Plain(text)
    found = [*_addresses(plain), *_links(plain), *_phones(plain)]
    return _apart(sorted(found, key=lambda one: (one.start, -one.end)))


def refuse_in_name(told: str) -> Callable[[str], None]:
    """The validator of a name that somebody types about themselves: `told` for one that holds a contact."""

    def validate(name: str) -> None:
        if find_contacts(name):
            raise ValidationError(told, "contact")

    return validate


def mask(text: str) -> str:
    """The text as everybody may read it. One without a contact is given back as it is."""
    shown, last = [], 0
    for one in find_contacts(text):
        shown += [text[last : one.start], f"[{MASKS[one.sort]}]"]
        last = one.end
    return "".join([*shown, text[last:]])


class _Plain:
    """A text in plain letters, and where each was."""

    def __init__(self, text: str) -> None:
        letters, self.places, self.length = [], [], len(text)
        for place, char in enumerate(text):
            for letter in _plainly(char):
                letters.append(letter)
                self.places.append(place)
        self.text = "".join(letters)

    def contact(self, sort: str, start: int, end: int) -> Contact:
        """What stands there, in the places of the text itself; signs that go with its last letter go along."""
        last = self.places[end - 1]
        following = bisect_left(self.places, last + 1)
        return Contact(
            sort, self.places[start], self.places[following] if following < len(self.places) else self.length
        )


def _plainly(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"}:
        return " " if char.isspace() else ""
    return "".join(one for one in unicodedata.normalize("NFKD", char).lower() if unicodedata.category(one) != "Mn")


# --- E-mail addresses and links -------------------------------------------------------------------------------------

_TLD = r"(?:fr|com|net|org|eu|info|io|app|link|shop|store|online|biz|pro|ly|gl|gg|tv|be|ch|uk|de|es|it)"
_AT = (
    r"(?:\s{0,3}(?:@|[(\[{<]\s?(?:at|a|@|arr?obas[e]?s?)\s?[)\]}>])\s{0,3}"
    r"|[\s.,_-]{0,3}\barr?obas[e]?s?\b[\s.,_-]{0,3})"
)
_DOT = rf"(?:\.|\s{{0,2}}[(\[{{]?\s?\b(?:point|dot)\b\s?[)\]}}]?\s{{0,2}}|\s{{0,2}}\.\s{{0,2}}(?={_TLD}\b))"
_LOCAL = rf"[a-z0-9][a-z0-9_%+-]{{0,63}}(?:{_DOT}[a-z0-9_%+-]{{1,40}}){{0,3}}"
_EMAIL = re.compile(rf"{_LOCAL}{_AT}[a-z0-9-]{{2,40}}(?:{_DOT}[a-z0-9-]{{1,40}}){{0,4}}")
_SPOKEN_EMAIL = re.compile(
    rf"[a-z0-9][a-z0-9._%+-]{{0,63}}\s{{1,3}}(?:at|chez)\s{{1,3}}[a-z0-9-]{{2,40}}{_DOT}{_TLD}\b"
)
_HANDLE = re.compile(r"(?<![a-z0-9])@[a-z0-9_.]{3,30}")
_LINK = re.compile(
    r"\b(?:www\s{1,2}point\s{1,2})?[a-z0-9-]{3,40}\s{1,2}point\s{1,2}(?:fr|com|net|org|eu)\b|"
    r"(?:h(?:tt|xx)ps?\s?:\s?/\s?/\s?|\bwww\s?(?:\.|\bpoint\b)\s?)[^\s<>\"«»]{1,500}"
    rf"|(?<![a-z0-9@.-])[a-z0-9][a-z0-9-]{{1,40}}(?:\.[a-z0-9-]{{1,40}}){{0,3}}\.{_TLD}(?![a-z0-9-])(?:/[^\s<>\"«»]{{0,500}})?"
    r"|\b(?:wa|t|m|fb|paypal)\.me/[^\s<>\"«»]{1,500}"
)
_ENDS_A_SENTENCE = ".,;:!?)]}…'’"


def _addresses(plain: _Plain) -> Iterator[Contact]:
    for pattern in (_EMAIL, _SPOKEN_EMAIL, _HANDLE):
        for found in pattern.finditer(plain.text):
            yield plain.contact(EMAIL, found.start(), _without_end(plain.text, found))


def _links(plain: _Plain) -> Iterator[Contact]:
    for found in _LINK.finditer(plain.text):
        yield plain.contact(LINK, found.start(), _without_end(plain.text, found))


def _without_end(text: str, found: re.Match[str]) -> int:
    """Where it ends, before the sign that ends a sentence."""
    return found.start() + len(found.group().rstrip(_ENDS_A_SENTENCE)) or found.end()


# --- Telephones -----------------------------------------------------------------------------------------------------

_UNITS = ("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_TEENS = ("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize")
_TENS = {
    20: ("vingt",), 30: ("trente",), 40: ("quarante",), 50: ("cinquante",), 60: ("soixante",), 70: ("septante",),
    80: ("quatre", "vingt"), 90: ("nonante",),
}  # fmt: skip
_OTHER_EIGHTIES = (("huitante",), ("octante",))
_SAME = {"une": "un", "vingts": "vingt", "cents": "cent", "zeros": "zero"}
_TOKEN = re.compile(r"\d+|[a-z]+")
# What may stand between two groups of a number: not the sign of an hour, nor that of a price.
_BETWEEN = re.compile(r"[^\w:€$%]{0,5}|_{1,3}|\s{0,2}[-–—/]{1,3}\s{0,2}")
_PLUS = re.compile(r"\+\s?$")
_DATE = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([/.])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)")
_FRENCH = re.compile(r"(?:0|(?:00)?330?)[1-9]\d{8}")
_LONGEST_FRENCH = len("00330612345678")
_ABROAD = (8, 15)  # digits, after a « + » (E.164)


def _below_hundred() -> dict[tuple[str, ...], str]:
    """Each number under a hundred as it is said, in words: « quatre », « vingt », « dix-sept » for 97."""
    said: dict[tuple[str, ...], str] = {(word,): str(number) for number, word in enumerate(_UNITS)}
    said |= {(word,): str(number) for number, word in enumerate(_TEENS, 10)}
    said |= {("dix", _UNITS[unit]): str(10 + unit) for unit in (7, 8, 9)}
    small = [(words, int(digits)) for words, digits in said.items() if digits != "0"]
    tens = [*_TENS.items(), *((80, words) for words in _OTHER_EIGHTIES)]
    for ten, words in tens:
        said[words] = str(ten)
        most = 19 if ten in (60, 80) and words[0] in ("soixante", "quatre") else 9
        for others, number in small:
            if number <= most:
                said[words + others] = said[(*words, "et", *others)] = str(ten + number)
    return said


def _below_thousand() -> dict[tuple[str, ...], str]:
    small = _below_hundred()
    said = dict(small)
    rests = [((), 0), *((words, int(digits)) for words, digits in small.items() if digits != "0")]
    for hundreds in range(1, 10):
        head = ("cent",) if hundreds == 1 else (_UNITS[hundreds], "cent")
        said |= {head + rest: str(100 * hundreds + number) for rest, number in rests}
    return said


_SAID = _below_thousand()
_NUMBER_WORDS = {word for words in _SAID for word in words}
_MOST_WORDS = max(len(words) for words in _SAID)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int
    # Another group of digits, or another word of a number, stands just before.
    follows: bool
    after_plus: bool


def _phones(plain: _Plain) -> Iterator[Contact]:
    tokens = _tokens(plain.text)
    first = 0
    while first < len(tokens):
        last = _end_of_phone(tokens, first)
        if last:
            yield plain.contact(PHONE, tokens[first].start, tokens[last - 1].end)
        first = last or first + 1


def _tokens(text: str) -> list[_Token]:
    """The groups of digits and the words of numbers."""
    dates = [found.span() for found in _DATE.finditer(text)]
    tokens: list[_Token] = []
    for found in _TOKEN.finditer(text):
        word, start, end = _SAME.get(found.group(), found.group()), found.start(), found.end()
        # « O6 12… »: the letter for the digit.
        if word == "o" and text[end : end + 1].isdigit():
            word = "0"
        if not (word.isdigit() or word in _NUMBER_WORDS) or any(low <= start < high for low, high in dates):
            continue
        follows = bool(tokens) and _BETWEEN.fullmatch(text, tokens[-1].end, start) is not None
        plus = _PLUS.search(text, max(start - 2, 0), start)
        tokens.append(_Token(word, plus.start() if plus else start, end, follows, plus is not None))
    return tokens


def _end_of_phone(tokens: list[_Token], first: int) -> int:
    """After which token a number that begins at `first` ends, the longest there is; 0 if none begins there."""
    abroad = tokens[first].after_plus
    longest = _ABROAD[1] if abroad else _LONGEST_FRENCH
    best, reached = 0, {first: {""}}
    for place in range(first, len(tokens)):
        if place > first and not tokens[place].follows:
            break
        for before in reached.pop(place, ()):
            for after, digits in _numbers_at(tokens, place):
                written = before + digits
                if len(written) > longest:
                    continue
                reached.setdefault(after, set()).add(written)
                is_abroad = abroad and len(written) >= _ABROAD[0] and written[0] != "0"
                if is_abroad or _FRENCH.fullmatch(written):
                    best = max(best, after)
        if not reached:
            break
    return best


def _numbers_at(tokens: list[_Token], place: int) -> Iterator[tuple[int, str]]:
    """Each way to read a number there: after which token it ends, and its digits."""
    if tokens[place].text.isdigit():
        yield place + 1, tokens[place].text
        return
    words: tuple[str, ...] = ()
    for after in range(place, min(place + _MOST_WORDS, len(tokens))):
        if after > place and not tokens[after].follows:
            return
        words += (tokens[after].text,)
        if words in _SAID:
            yield after + 1, _SAID[words]


def _apart(found: list[Contact]) -> list[Contact]:
    """Without those that begin inside another."""
    kept: list[Contact] = []
    for one in found:
        if kept and one.start < kept[-1].end:
            if one.end > kept[-1].end:
                kept[-1] = Contact(kept[-1].sort, kept[-1].start, one.end)
            continue
        kept.append(one)
    return kept
