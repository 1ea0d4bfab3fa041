"""Reading a public text: what the town's rules find in it, and what it says once contacts are masked."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from stdnum.fr import siren, siret

from aid.moderation import contacts, wording
from aid.moderation.enums import FAMILY_GRAVITY, Effect, Family
from aid.moderation.models import CheckRule
from aid.moderation.models.cases import LONGEST_FOUND, MOST_FOUND

_PRICE = re.compile(
    r"\d[\d\s\u00a0\u202f]{0,9}(?:[.,]\d{1,2})?\s{0,2}(?:€|euros?\b|eur\b)|€\s{0,2}\d[\d.,]{0,9}", re.IGNORECASE
)
_SIRET = re.compile(r"(?<!\d)\d(?:[\s.\u00a0\u202f]?\d){13}(?!\d)")
_SIREN = re.compile(r"(?:siren|rcs)\D{0,30}(\d(?:[\s.\u00a0\u202f]?\d){8})(?!\d)", re.IGNORECASE)
_SEVERITY = list(Effect)


@dataclass(frozen=True)
class Finding:
    """What one rule found: which, what it does, and what was found, as it is written."""

    family: Family
    effect: Effect
    found: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """What a text is worth under the town's rules. `masked` is what everybody may read."""

    text: str
    masked: str
    each: tuple[Finding, ...] = ()

    @property
    def effect(self) -> Effect:
        """The strongest effect of what was found."""
        return max((one.effect for one in self.each), key=_SEVERITY.index, default=Effect.NOTHING)

    @property
    def told(self) -> list[Finding]:
        """What somebody must read, or that is refused."""
        return [one for one in self.each if one.effect != Effect.NOTHING]

    @property
    def families(self) -> list[Family]:
        """Which rules want somebody to read it."""
        return [one.family for one in self.told]

    @property
    def found(self) -> list[str]:
        """The words that they found, without contacts."""
        words = [word for one in self.told if one.family != Family.CONTACT for word in one.found]
        return [word[:LONGEST_FOUND] for word in dict.fromkeys(words)][:MOST_FOUND]

    @property
    def gravity(self) -> int:
        """How bad the worst of it is."""
        return max((FAMILY_GRAVITY[one] for one in self.families), default=0)

    @property
    def has_contact(self) -> bool:
        """Whether something is masked."""
        return self.masked != self.text

    def and_also(self, family: Family, effect: Effect) -> "Findings":
        """The same with one finding more."""
        return Findings(self.text, self.masked, (*self.each, Finding(family, effect, ())))


def check_text(text: str, *, spares: Container[Family] = ()) -> Findings:
    """Read a text under the rules of the town that the connection is in, but for those that spare it.

    It changes nothing, and needs no request. Two queries, whatever the text.
    """
    rules = {Family(rule.family): rule for rule in CheckRule.objects.all() if rule.family not in spares}
    words = wording.find(text, {family: rule.lines for family, rule in rules.items() if rule.lines})
    masked = contacts.mask(text)
    signs = {Family.COMMERCE: list(_commerce(text)), Family.CONTACT: ["…"] if masked != text else []}
    each = []
    for family, rule in rules.items():
        found = [*words.get(family, []), *signs.get(family, [])]
        if found:
            each.append(Finding(family, Effect(rule.effect), tuple(dict.fromkeys(found))))
    return Findings(text, masked, tuple(each))


def _commerce(text: str) -> Iterator[str]:
    """Prices, and numbers of companies that add up."""
    for found in _PRICE.finditer(text):
        yield found.group().strip()
    for found in _SIRET.finditer(text):
        if siret.is_valid(re.sub(r"\D", "", found.group())):
            yield found.group()
    for found in _SIREN.finditer(text):
        if siren.is_valid(re.sub(r"\D", "", found.group(1))):
            yield found.group(1)
