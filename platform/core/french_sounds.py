"""How a French name sounds: one key for the ways in which the same name is written.

A name said on the telephone is typed as it is heard: Dupond for Dupont, Filip for Philippe, Lefèvre for Lefebvre. The
key is made of small letters for plain sounds and of capitals for those that French writes with several letters: `A`,
`I`, `O` through the nose, `U` for « ou », `S` for « ch », `N` for « gn ». It is made to compare, not to be read.
"""

import re

from core.text import fold

# Applied in this order, each over the whole word; of two spellings of one sound, the longer comes first.
_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        # Letters that are written for nothing, or for another.
        (r"ph", "f"),
        (r"(?<=[bcdfghjklmnpqrstvxz])e(?=s?\Z)|(?<=[aeiouy])es?\Z", "-"),  # « Marthe » says its t, « Mart » does not
        (r"(?<=-)s\Z", ""),
        (r"sch|sh|ch(?![rlnt])", "S"),
        (r"ch", "k"),
        (r"th", "t"),
        (r"h", ""),
        (r"w", "v"),
        (r"ncoi", "nsoi"),  # folding took the cedilla of « François »
        (r"sc(?=[eiy-])|ss|c(?=[eiy-])", "s"),
        (r"cqu?|qu?|ck?", "k"),
        (r"gn", "N"),
        (r"ge(?=[aou])|g(?=[eiy-])", "j"),
        (r"gu(?=[eiy-])", "g"),
        (r"b(?=v)", ""),
        (r"x\Z", ""),
        (r"x", "ks"),
        (r"z", "s"),
        # Vowels of several letters.
        (r"eau|au(?=l[dtsx]*\Z)|au", "o"),
        (r"(?<=o)l?[dtsx]+\Z", ""),
        (r"oo|ou", "U"),
        (r"oeu|eu", "e"),
        (r"ean(?=[^aeiouynm]|\Z)", "A"),
        (r"ea", "a"),
        (r"(?:ai|ei|i|y)[nm](?=[^aeiouynm-]|\Z)|(?<=i)en(?=[^aeiouynm-]|\Z)|un(?=[^aeiouynm-]|\Z)", "I"),
        (r"[ae][nm](?=[^aeiouynm-]|\Z)", "A"),
        (r"o[nm](?=[^aeiouynm-]|\Z)", "O"),
        (r"(?<=\w\w)e[rz]\Z", ""),  # folding took the accent of « Boulangé », whose e then went in silence too
        (r"a[iy]|e[iy]|ae", "e"),
        (r"y", "i"),
        # Consonants that end a word in silence.
        (r"(?<=[AIO])[kgp]?[dts]*\Z", ""),
        (r"[dts]+\Z", ""),
        (r"-", ""),
        (r"(.)\1+", r"\1"),
    ]
]


def sound(word: str) -> str:
    """Return the key of one word; words of another alphabet come back folded. Two spellings of one sound are equal."""
    heard = fold(word).replace(" ", "")
    for pattern, replacement in _RULES:
        heard = pattern.sub(replacement, heard)
    return heard or fold(word)
