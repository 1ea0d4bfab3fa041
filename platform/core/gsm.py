"""What an SMS can say: the alphabet of GSM 03.38, and how many SMS a text makes.

One letter outside that alphabet and the whole text travels in another one, where 70 signs make an SMS instead of 160:
so texts are brought to it before they leave.
"""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Written with an escape: each counts twice.
EXTENDED = frozenset("\f^{}\\[~]|€")
ALPHABET = BASIC | EXTENDED
# Signs of one SMS; signs of each, when several are joined again by the telephone.
ALONE, JOINED = 160, 153

_PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"',
        "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
        "…": "...", "•": "-", "·": "-", "°": "o", "º": "o", "ª": "a", "²": "2", "³": "3",
        "½": "1/2", "¼": "1/4", "¾": "3/4", "×": "x",
        "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i",
        "\t": " ", "\u00a0": " ", "\u202f": " ",
    }
)  # fmt: skip
_SPACES_OF_QUOTES = (("«\u00a0", '"'), ("« ", '"'), ("\u00a0»", '"'), (" »", '"'), ("«\u202f", '"'), ("\u202f»", '"'))


def to_gsm(text: str) -> str:
    """Return `text` in the alphabet of SMS: same words, plain quotes, no accent that the alphabet has not.

    Pictures are dropped; a letter of another alphabet becomes « ? ». Twice changes nothing more.
    """
    for quoted, plain in _SPACES_OF_QUOTES:
        text = text.replace(quoted, plain)
    composed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    if ALPHABET.issuperset(composed):
        return composed
    return "".join(char if char in ALPHABET else _nearest(char) for char in composed)


def _nearest(char: str) -> str:
    """What stands for a character that the alphabet has not."""
    if char.isspace():
        return " "
    kept = "".join(part for part in unicodedata.normalize("NFKD", char) if part in ALPHABET)
    if kept:
        return kept
    return "?" if char.isalnum() else ""


def segments(text: str) -> int:
    """How many SMS a text of this alphabet makes, and is paid for; none when it is empty."""
    weights = [2 if char in EXTENDED else 1 for char in text]
    if sum(weights) <= ALONE:
        return 1 if text else 0
    count, room = 1, JOINED
    for weight in weights:
        # An escape and its sign travel together.
        if weight > room:
            count, room = count + 1, JOINED
        room -= weight
    return count
