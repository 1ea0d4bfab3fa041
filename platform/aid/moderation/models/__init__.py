"""Rules, cases with their reports, measures and appeals, blocks, and the journal of it all."""

from aid.moderation.models.cases import Case, CaseQuerySet, Report
from aid.moderation.models.journal import Act
from aid.moderation.models.rules import CheckRule
from aid.moderation.models.sanctions import Block, Sanction, SanctionQuerySet
from aid.moderation.models.sketches import RecentText

__all__ = [
    "Act",
    "Block",
    "Case",
    "CaseQuerySet",
    "CheckRule",
    "RecentText",
    "Report",
    "Sanction",
    "SanctionQuerySet",
]
