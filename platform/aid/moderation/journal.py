"""Writing in the journal of moderation."""

from accounts.models import Account
from aid.moderation.enums import Deed
from aid.moderation.models import Act, Case, Sanction

SANCTION = "sanction"


def note_case(case: Case, deed: Deed, *, by_account: Account | None = None) -> None:
    """Keep that something was done of a public text."""
    Act.objects.create(
        person_id=case.author_id,
        by_account=by_account,
        deed=deed,
        reason=case.reason,
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
    )


def note_sanction(sanction: Sanction, deed: Deed, *, by_account: Account | None = None) -> None:
    """Keep that something was done about somebody."""
    Act.objects.create(
        person_id=sanction.person_id,
        by_account=by_account,
        deed=deed,
        reason=sanction.reason,
        subject_kind=SANCTION,
        subject_id=sanction.pk,
    )
