"""What leads to somebody follows them when two cards are made one, and goes when they are forgotten."""

import datetime

import pytest
from django.utils import timezone

from aid.followups.models import FollowUp
from aid.moderation import blocks, sanctions
from aid.moderation.enums import Reason, ReportReason, SanctionKind
from aid.moderation.models import Act, Block, Case, RecentText, Report, Sanction
from aid.moderation.services import report
from aid.privacy import retention
from aid.privacy.forgetting import StandsInTheWayError, forget
from aid.privacy.holdings import known_of
from aid.privacy.merging import fingerprint, merge
from harness.desk import make_account
from harness.loop import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ADVERT = "Ménage, mes tarifs sont doux, devis gratuit pour tous mes voisins."


@pytest.fixture
def camille(town):
    return make_account("camille@exemple.example", "Agents", first_name="Camille")


def exclude(person, by_account):
    return sanctions.take(
        person=person, kind=SanctionKind.EXCLUSION, reason=Reason.CHARTER, words="Non.", by_account=by_account
    )


def test_reports_measures_and_blocks_follow_a_merged_card(board, author, camille):
    kept, gone, third = somebody("Lucie"), somebody("Lucie"), somebody("Odile")
    text, _ = board.put(author, ADVERT.replace("tarifs", "idées").replace("devis", "café"))
    for one in (kept, gone):
        report(subject=text.subject, reason=ReportReason.OTHER, reporter=one)
        exclude(one, camille)
        blocks.block(blocker=one, blocked=third)
    blocks.block(blocker=kept, blocked=gone)
    blocks.block(blocker=third, blocked=gone)
    mine, _ = board.put(None, ADVERT)
    Case.objects.filter(subject_id=mine.number).update(author=gone)
    merge(kept=kept, gone=gone, seen=fingerprint(kept, gone), take={}, by_account=camille)
    assert sorted(str(one.reporter_id) for one in Report.objects.all()) == sorted(["None", str(kept.pk)])
    assert Sanction.objects.filter(person=kept).count() == 2
    assert Sanction.objects.in_force().get().person == kept
    assert set(Block.objects.values_list("blocker", "blocked")) == {(kept.pk, third.pk), (third.pk, kept.pk)}
    assert Case.objects.get(subject_id=mine.number).author == kept


def test_who_is_forgotten_leaves_no_words(board, author, camille):
    reporter = somebody("Lucie")
    text, _ = board.put(author, ADVERT)
    text.is_shown = True
    report(subject=text.subject, reason=ReportReason.PRIVATE, words="Elle habite au 3.", reporter=reporter)
    blocks.block(blocker=author, blocked=reporter)
    exclude(author, camille)
    told = " ".join(value for one in known_of(author) for row in one.rows for _, value in row)
    assert "coordonnées" in told, "she reads why"
    assert "Elle habite au 3" not in told
    assert "Lucie" not in told
    forget(reporter)
    kept = Report.objects.get()
    assert (kept.reporter, kept.words, kept.reason) == (None, "", ReportReason.PRIVATE)
    with pytest.raises(StandsInTheWayError):
        forget(author)
    FollowUp.objects.all().delete()
    forget(author)
    for model in (Case, Report, Sanction, Block, RecentText):
        assert not model.objects.exists(), model
    assert Act.objects.exists(), "what was decided, by whom and when"


def test_what_has_been_kept_long_enough_goes(board, author, camille):
    board.put(author, ADVERT)
    exclude(author, camille)
    open_case, long_ago = Case.objects.get(), timezone.now() - datetime.timedelta(days=3000)
    closed = Case.objects.create(subject_kind="x", subject_id=1, author=author, closed_at=long_ago, outcome="settled")
    lifted, warned = (
        Sanction.objects.create(person=author, reason="other", words="x", starts_at=long_ago, **more)
        for more in ({"kind": "suspension", "lifted_at": long_ago}, {"kind": "warning"})
    )
    RecentText.objects.update(at=long_ago)
    for one in retention.declared():
        if one.key in {"moderation", "sanctions", "sketches"}:
            retention.purge(one)
    assert list(Case.objects.all()) == [open_case]
    assert not Case.objects.filter(pk=closed.pk).exists()
    assert not Sanction.objects.filter(pk__in=[lifted.pk, warned.pk]).exists()
    assert Sanction.objects.in_force().exists(), "what runs is never old"
    assert not RecentText.objects.exists()
