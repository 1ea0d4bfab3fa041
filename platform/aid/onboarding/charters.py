"""The charter: the text that a town begins with, how any text of it is laid out, and what changed between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from core.french import held_together

# In our own words, what the « Monalisa » teams and the teams of visitors ask of each other: freely given, confidential,
# no gift nor legacy, nobody's work replaced, family ties respected, nobody left out, what worries is told.
CHARTER = """\
Merci de donner de votre temps. Voici ce que nous nous promettons, vous et nous.

Vous êtes libre, la personne aussi
- Vous choisissez ce que vous faites, où et quand. Vous pouvez dire non.
- Vous pouvez arrêter quand vous voulez. Un mot suffit : nous prévenons la personne.
- Elle choisit, elle aussi. Elle peut changer d’avis, sans dire pourquoi.

Vous venez pour elle
- Vous venez comme convenu, ou vous prévenez.
- Vous respectez ses goûts, ses idées, sa foi, son rythme et son silence.
- Vous êtes le même avec tous, d’où qu’ils viennent et quoi qu’ils pensent.
- Vous respectez sa famille et ses proches. Vous ne prenez ni leur place, ni parti.

Vous gardez pour vous ce qui se dit
- Ce que vous voyez et entendez chez elle, vous n’en parlez qu’avec nous.
- Vous ne donnez ni son nom, ni son adresse, ni son numéro.
- Vous ne prenez aucune photo sans son accord.

Vous restez un voisin
- Vous ne remplacez ni un soignant, ni une aide à domicile, ni personne dont c’est le métier.
- Vous ne touchez ni aux médicaments, ni à la carte bancaire, ni aux comptes.
- Vous n’acceptez ni argent, ni cadeau, ni héritage. Un café, oui !
- Vous ne vendez rien. Vous ne cherchez à convaincre de rien.

Vous nous dites ce qui vous inquiète
- Une chute, une grande tristesse, une porte qui ne s’ouvre pas : vous nous appelez.
- S’il y a urgence, vous appelez d’abord le 15 ou le 112.
- Un doute, un jour difficile, une bonne nouvelle : nous sommes là aussi.

Nous vous promettons
- De vous accueillir, de vous préparer, de vous répondre.
- De ne jamais vous laisser seul avec une difficulté.
- De vous dire merci."""

ENDS_A_SENTENCE = (".", "!", "?", ":", ";", "…", ",", "»")
ITEM = "- "


class Layout(StrEnum):
    """What a line is."""

    TITLE = "title"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True)
class Block:
    """A line of a charter, or the items that follow each other."""

    layout: Layout
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """A text as it is laid out: « - » begins an item of a list, a line that ends no sentence is a title."""
    found: list[Block] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        layout = _layout(line)
        said = held_together(line.removeprefix(ITEM).strip() if layout is Layout.ITEM else line)
        if layout is Layout.ITEM and found and found[-1].layout is Layout.ITEM:
            found[-1] = Block(Layout.ITEM, (*found[-1].lines, said))
        else:
            found.append(Block(layout, (said,)))
    return found


class Fate(StrEnum):
    """What becomes of a line."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


def differences(before: str, after: str) -> list[tuple[Fate, str]]:
    """The lines that change, in order, each with the one around it; empty where both texts say the same.

    « … » stands for what stays between two changes.
    """
    old, new = ([line for line in text.splitlines() if line.strip()] for text in (before, after))
    return list(_differences(old, new))


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[Fate, str]]:
    for number, group in enumerate(SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(n=1)):
        if number:
            yield Fate.KEPT, "…"
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from ((Fate.KEPT, line) for line in old[old_start:old_end])
                continue
            yield from ((Fate.REMOVED, line) for line in old[old_start:old_end])
            yield from ((Fate.ADDED, line) for line in new[new_start:new_end])


def _layout(line: str) -> Layout:
    if line.startswith(ITEM):
        return Layout.ITEM
    return Layout.TEXT if line.endswith(ENDS_A_SENTENCE) else Layout.TITLE
