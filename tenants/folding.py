"""Definitions told in fewer statements, each lighter for PostgreSQL: what opening a town replays.

`pg_dump` tells a table, then alters it: its counter, its key, what is unique, each link to another table. Each of these
statements has its cost, and PostgreSQL checks a link that is added by a query over both tables, though they are empty;
told with its table, it needs no check. About a fifth of an opening (docs/benchmarks.md).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from tenants.dump import PLACEHOLDER

_HERE = re.escape(PLACEHOLDER) + r"\."
TABLE = re.compile(rf"^CREATE TABLE {_HERE}(?P<table>\S+) \(\n(?P<lines>.*?)\n\);\n?", re.MULTILINE | re.DOTALL)
COUNTER = re.compile(
    rf"^ALTER TABLE {_HERE}(?P<table>\S+) ALTER COLUMN (?P<column>\S+) ADD (?P<counter>GENERATED .*?\n\));\n?",
    re.MULTILINE | re.DOTALL,
)
CONSTRAINT = re.compile(
    rf"^ALTER TABLE ONLY {_HERE}(?P<table>\S+)\n    ADD (?P<constraint>CONSTRAINT \S+ (?:PRIMARY KEY|UNIQUE) .*);\n?",
    re.MULTILINE,
)
LINK = re.compile(
    rf"^ALTER TABLE ONLY {_HERE}(?P<table>\S+)\n"
    rf"    ADD (?P<constraint>CONSTRAINT \S+ FOREIGN KEY .* REFERENCES (?:{_HERE}(?P<to>\w+)|\S+)\(.*);\n?",
    re.MULTILINE,
)


@dataclass
class _Table:
    """One table, with what was told of it apart."""

    name: str
    lines: str
    constraints: list[str] = field(default_factory=list)
    # Each with the table of the town that it leads to; empty for one that all towns share.
    links: list[tuple[str, str]] = field(default_factory=list)

    def statement(self, known: Collection[str]) -> str:
        """Make it, with its links to tables that are made already, or to itself."""
        links = [link for to, link in self.links if self.holds(to, known)]
        lines = ",\n".join([self.lines, *(f"    {one}" for one in self.constraints + links)])
        return f"CREATE TABLE {PLACEHOLDER}.{self.name} (\n{lines}\n);\n"

    def late(self, known: Collection[str]) -> str:
        """Its other links."""
        links = [link for to, link in self.links if not self.holds(to, known)]
        return "".join(f"ALTER TABLE ONLY {PLACEHOLDER}.{self.name}\n    ADD {link};\n" for link in links)

    def holds(self, to: str, known: Collection[str]) -> bool:
        """Whether a link to this table may be told with the table."""
        return to in {"", self.name} or to in known


def fold(before: str, after: str, *, filled: Collection[str]) -> tuple[str, str]:
    """The same definitions (dump.definitions), those of tables before their rows and those after, folded.

    The links of tables that will be `filled` stay after their rows: one by one they would be checked at each.
    """
    tables = {found["table"]: _Table(found["table"], found["lines"]) for found in TABLE.finditer(before)}
    for counter in COUNTER.finditer(before):
        _count(tables[counter["table"]], counter["column"], counter["counter"])
    for constraint in CONSTRAINT.finditer(after):
        tables[constraint["table"]].constraints.append(constraint["constraint"])
    for link in LINK.finditer(after):
        if link["table"] not in filled:
            tables[link["table"]].links.append((link["to"] or "", link["constraint"]))
    first = next((found.start() for found in TABLE.finditer(before)), len(before))
    others = COUNTER.sub("", TABLE.sub("", before[first:]))
    rest = LINK.sub(lambda link: link[0] if link["table"] in filled else "", CONSTRAINT.sub("", after))
    made, late = _in_order(tables)
    return before[:first] + made + others, rest.rstrip("\n") + "\n" + late


def _count(table: _Table, column: str, counter: str) -> None:
    """Tell a column's counter with the column."""
    told = rf"^(    {re.escape(column)} [^,\n]*?)((?: CONSTRAINT \S+)? NOT NULL)"
    table.lines, times = re.subn(told, rf"\1 {counter}\2", table.lines, count=1, flags=re.MULTILINE)
    if times != 1:
        raise ValueError(f"{table.name}.{column}")


def _in_order(tables: dict[str, _Table]) -> tuple[str, str]:
    """Each table after those that it leads to; where they lead to one another, one comes first and its links last."""
    waiting, made, known, late = dict(tables), [], set(), []
    while waiting:
        ready = [one for one in waiting.values() if all(one.holds(to, known) for to, _ in one.links)]
        for table in ready or [next(iter(waiting.values()))]:
            made.append(table.statement(known))
            late.append(table.late(known))
            known.add(table.name)
            del waiting[table.name]
    return "".join(made), "".join(late)
