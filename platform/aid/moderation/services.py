"""The verbs of public texts: check one, submit one, report one, take one back. Deciding is in `queue`.

How a room above has its texts moderated is told in `subjects`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import limits
from aid.configuration.services import rules
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.moderation import contacts, journal, sketches, subjects, texts
from aid.moderation.checks import Findings, check_text
from aid.moderation.enums import GRAVEST, GRAVITY, Deed, Effect, Family, Outcome, ReportReason
from aid.moderation.models import Case, CheckRule, RecentText, Report
from aid.moderation.models.cases import LONGEST_REPORT
from aid.moderation.sanctions import refuse_if_silenced
from aid.people.models import Person
from core.text import fold

__all__ = [
    "Findings",
    "NotThereError",
    "TooManyError",
    "Verdict",
    "check_relayed",
    "check_text",
    "masked",
    "report",
    "submit",
    "withdraw",
]

# What follow-ups are about: a text that waits too long, one that somebody may be in danger for, one that was taken off
# and whose author the town alone can tell.
LATE, DANGER, TO_TELL = "moderation_case", "moderation_danger", "moderation_to_tell"
Subject = tuple[str, int]
REPORTS_AN_HOUR = 10
HOUR = timedelta(hours=1)
SWEPT_AT_ONCE = 50


class NotThereError(Exception):
    """Nobody may read this text: it cannot be reported."""


class TooManyError(Exception):
    """Too many reports from one place; the message says so in French."""


@dataclass(frozen=True)
class Verdict:
    """What became of a text that was submitted: whether it waits for somebody, and what to tell its author."""

    is_held: bool
    findings: Findings

    @property
    def words(self) -> str:
        """What its author is told, in French; "" where there is nothing to say."""
        held = texts.HELD if self.is_held else ""
        return " ".join(filter(None, (held, texts.MASKED if self.findings.has_contact else "")))


def masked(text: str) -> str:
    """A text as everybody may read it: telephones, addresses and links are masked. It asks for no query."""
    return contacts.mask(text)


def check_relayed(words: str) -> None:
    """Raise ValidationError for words that the town's rules stop, where they go to somebody and no agent reads them."""
    if check_text(words).effect in {Effect.HOLD, Effect.REFUSE}:
        raise ValidationError(texts.NOT_RELAYED)


@transaction.atomic
def submit(*, subject: Subject, author: Person | None, text: str, words: str | None = None) -> Verdict:
    """Read a public text that is being saved, by the room that has it, in the same transaction; answer shown or held.

    `hide` and `restore` of its kind were called as needed. `words`: what of it is compared with other texts, where a
    name goes before them; the whole text, unless told. Raises ValidationError, in French, where its author may
    publish nothing for now, or where the town refuses such words; KeyError for a kind that no room registered.
    """
    kind, number = subject
    reached = subjects.known(kind)
    if reached is None:
        raise KeyError(kind)
    if author is not None:
        refuse_if_silenced(author)
    findings = check_text(text, spares=reached.spares)
    if findings.effect == Effect.REFUSE:
        raise ValidationError(texts.refused(findings))
    if not fold(text):
        withdraw(subject=subject)
        return Verdict(is_held=False, findings=findings)
    compared = text if words is None else words
    findings = _with_history(findings, subject, None if Family.REPEATED in reached.spares else author, compared)
    case = _locked(subject)
    was_held = case is not None and case.is_held
    if findings.effect == Effect.NOTHING:
        is_held = case is not None and not _settled(case)
    else:
        is_held = _wait(case or _open(subject, author), findings, is_new=case is None)
    if is_held:
        reached.hide(number, texts.HELD)
    elif was_held:
        reached.restore(number)
    return Verdict(is_held=is_held, findings=findings)


@transaction.atomic
def report(
    *, subject: Subject, reason: ReportReason, words: str = "", reporter: Person | None = None, address: str = ""
) -> Report:
    """Say that a public text is not right; it stays until somebody read it. Twice by the same person is once.

    `address` is where it comes from (accounts.limits), for counting. Raises NotThereError for a text that nobody may
    read, TooManyError, and ValidationError by field.
    """
    kind, number = subject
    reached = subjects.known(kind)
    if reached is None or not reached.url_of(number):
        raise NotThereError
    words = words.strip()
    if len(words) > LONGEST_REPORT:
        raise ValidationError({"words": f"Écrivez {LONGEST_REPORT} caractères au plus."})
    _count(address, reporter)
    case = _locked(subject) or _open(subject, reached.author_of(number))
    if reporter is not None:
        said = case.reports.filter(reporter=reporter).first()
        if said is not None:
            return said
    made = Report.objects.create(case=case, reporter=reporter, reason=reason, words=words)
    case.gravity = max(case.gravity, GRAVITY[reason])
    case.save(update_fields=["gravity"])
    journal.note_case(case, Deed.REPORTED)
    if case.gravity == GRAVEST:
        _ask(DANGER, case, texts.DANGER)
    return made


@transaction.atomic
def withdraw(*, subject: Subject) -> None:
    """Its author took a text back, or it is deleted: nobody need read it any more."""
    kind, number = subject
    RecentText.objects.filter(subject_kind=kind, subject_id=number).delete()
    case = _locked(subject)
    if case is not None:
        settle(case)


def close_followups(case: Case) -> None:
    """Nobody is to be reminded of it any more."""
    for kind in (LATE, DANGER):
        followups.settle(subject=(kind, case.pk), outcome=f"Ce texte est {case.get_outcome_display()}.")


def settle(case: Case) -> None:
    """Close a locked case that leaves nothing to decide."""
    case.outcome, case.closed_at, case.taken_by, case.taken_until = Outcome.SETTLED, timezone.now(), None, None
    case.save(update_fields=["outcome", "closed_at", "taken_by", "taken_until"])
    journal.note_case(case, Deed.SETTLED)
    close_followups(case)


def digest_of(text: str) -> str:
    """What tells whether a text is the one that somebody read."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _with_history(findings: Findings, subject: Subject, author: Person | None, compared: str) -> Findings:
    """The same, knowing what was decided of this text before, and which others it looks like."""
    decided = (
        Case.objects.about(*subject).closed().exclude(outcome=Outcome.SETTLED).order_by("-closed_at", "-pk").first()
    )
    is_repeated = author is not None and _is_repeated(subject, author, compared)
    if decided is not None and decided.outcome == Outcome.KEPT and decided.digest == digest_of(findings.text):
        return Findings(findings.text, findings.masked)
    if decided is not None and decided.outcome != Outcome.KEPT:
        findings = findings.and_also(Family.RETURNING, Effect.HOLD)
    if is_repeated:
        rule = CheckRule.objects.filter(family=Family.REPEATED).first()
        # Refused by the town, it is read all the same: only words are refused outright.
        effect = Effect(rule.effect) if rule else Effect.HOLD
        findings = findings.and_also(Family.REPEATED, Effect.HOLD if effect == Effect.REFUSE else effect)
    return findings


def _is_repeated(subject: Subject, author: Person, text: str) -> bool:
    """Keep the sketch of a text, and say whether several of the last days are nearly the same, by whomever."""
    kind, number = subject
    since = timezone.now() - sketches.WITHIN
    old = RecentText.objects.filter(at__lt=since).order_by("at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    RecentText.objects.filter(pk__in=list(old)).delete()
    sketch = sketches.sketch(text)
    RecentText.objects.update_or_create(
        subject_kind=kind,
        subject_id=number,
        defaults={"author": author, "sketch": sketch, "at": timezone.now()},
    )
    others = RecentText.objects.filter(at__gte=since).exclude(subject_kind=kind, subject_id=number)
    recent = others.order_by("-at").values_list("sketch", flat=True)[: sketches.MOST_COMPARED]
    return sketches.alike(sketch, recent) + 1 >= sketches.MOST_ALIKE


def _settled(case: Case) -> bool:
    """Close a case whose text has nothing any more, unless it was reported or somebody is reading it.

    Answer whether the text may be seen.
    """
    if not case.reports.exists() and case.holder() is None:
        settle(case)
        return True
    case.revision += 1
    case.families, case.found = [], []
    case.save(update_fields=["revision", "families", "found"])
    return not case.is_held


def _wait(case: Case, findings: Findings, *, is_new: bool) -> bool:
    """Have a text wait to be read; answer whether it is held. Who was reading another text of a case reads this one."""
    was_held = case.is_held
    case.revision += 0 if is_new else 1
    case.is_held = case.is_held or findings.effect == Effect.HOLD
    case.families, case.found = [str(one) for one in findings.families], findings.found
    case.gravity = max(case.gravity, findings.gravity)
    case.save(update_fields=["revision", "is_held", "families", "found", "gravity"])
    if case.is_held and not was_held:
        journal.note_case(case, Deed.HELD)
    return case.is_held


def _locked(subject: Subject) -> Case | None:
    return Case.objects.select_for_update(of=["self"]).open().about(*subject).first()


def _open(subject: Subject, author: Person | None) -> Case:
    """The open case of a text, under a lock. Of two who open it at once, one does."""
    kind, number = subject
    while True:
        Case.objects.bulk_create([Case(subject_kind=kind, subject_id=number, author=author)], ignore_conflicts=True)
        case = _locked(subject)
        # None: it was decided between the two statements, so this is a new one.
        if case is not None:
            hours = rules().hours_before_reading
            _ask(LATE, case, texts.late(hours), due_at=case.opened_at + timedelta(hours=hours))
            return case


def _ask(kind: str, case: Case, words: str, due_at: datetime | None = None) -> None:
    """Ask the town to read a case, now or from an hour on; asked again while it is open, it is the same."""
    asked = {"person": case.author, "subject": (kind, case.pk), "words": words, "due_at": due_at}
    followups.ask(kind=FollowUpKind.MODERATION, **asked)


def _count(address: str, reporter: Person | None) -> None:
    counted = [
        ("moderation.report_address", address),
        ("moderation.report_person", str(reporter.pk) if reporter else ""),
    ]
    for kind, subject in counted:
        if subject and not limits.hit(kind=kind, subject=subject, most=REPORTS_AN_HOUR, within=HOUR):
            raise TooManyError(texts.TOO_MANY)
