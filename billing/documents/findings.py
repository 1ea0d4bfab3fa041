"""What is wrong with a document: the rule that says so, in French, by a name that people of invoices look up."""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.errors import BooksError


@dataclass(frozen=True)
class Finding:
    """A rule that a document breaks: « BR-CO-15 », « BR-FR-CPRO-10 », or one of ours, « PALIER-… »."""

    rule: str
    words: str


class RefusedError(BooksError):
    """A document breaks rules, or could not be checked: nothing is issued. Its message tells them, in French."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(f"{one.words} ({one.rule})" for one in findings))
        self.findings = tuple(findings)
