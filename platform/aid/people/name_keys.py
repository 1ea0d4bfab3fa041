"""What of a name is stored to find it again, whatever is typed of it.

One array a person, under one GIN index, holds three sorts of keys for each word of the name:

- `^jea`: its beginnings, so that it is found while it is typed;
- `~jan`: how it sounds (core.french_sounds);
- `-jene`: the word less any one letter, `-jeanne` itself included. Two words that differ by one letter more, less,
  other or swapped with its neighbour share one of them: no extension of PostgreSQL is needed to forgive a slip.
"""

from core.french_sounds import sound
from core.text import fold

# Words of two or three letters are all one letter apart.
SHORTEST_WITH_SLIPS = 4
# A name is 80 letters at most: what is typed beyond tells nothing more, and PostgreSQL need not hear it.
MOST_WORDS, LONGEST_WORD = 6, 40


def words_of(text: str) -> list[str]:
    """The folded words of what was typed."""
    return [word[:LONGEST_WORD] for word in fold(text[:400]).split()[:MOST_WORDS]]


def beginning(word: str) -> str:
    """The key that names with a word that begins so hold."""
    return f"^{word}"


def sounding(word: str) -> str:
    """The key that names with a word that sounds so hold."""
    return f"~{sound(word)}"


def slips(word: str) -> set[str]:
    """The keys of which words one letter apart share one; none for short words."""
    if len(word) < SHORTEST_WITH_SLIPS:
        return set()
    return {f"-{word}"} | {f"-{word[:place]}{word[place + 1 :]}" for place in range(len(word))}


def keys_of(*names: str) -> list[str]:
    """All the keys of somebody's names. A name of several words is also one: « Le Goff » is found as « legoff »."""
    keys: set[str] = set()
    for name in names:
        words = words_of(name)
        for word in {*words, "".join(words)[:LONGEST_WORD]} - {""}:
            keys |= {beginning(word[:length]) for length in range(1, len(word) + 1)}
            keys |= {sounding(word)} | slips(word)
    return sorted(keys)
