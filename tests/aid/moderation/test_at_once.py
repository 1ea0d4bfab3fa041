"""Two agents, many reports, two measures at the same instant: real commits, from several connections."""

from collections.abc import Iterator

import pytest

from aid.moderation import blocks, queue, sanctions, services
from aid.moderation.enums import Deed, Outcome, Reason, ReportReason, SanctionKind, Via
from aid.moderation.models import Act, Block, Case, Report, Sanction
from aid.notifications.models import Message
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import somebody
from harness.public_texts import Board, a_board
from tenants.context import town_context
from tenants.registry import TownEntry, registry

AT_ONCE = 6


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


@pytest.fixture
def board(town: TownEntry) -> Iterator[Board]:
    with a_board() as found:
        yield found


def agents(word: str) -> list:
    return [make_account(f"{word}{number}@exemple.example", "Agents", first_name=f"A{number}") for number in range(6)]


def names(told: list[object]) -> list[str]:
    return sorted(type(one).__name__ for one in told)


def test_of_two_agents_who_decide_at_once_one_does_and_the_other_reads_who(town, board):
    with town_context(town):
        ours = agents("decide")
        text, _ = board.put(somebody("Alice", "+33639980002"), "Mes tarifs et mes devis sont doux.")
        case = Case.objects.about(*text.subject).get()

    def decide(account):
        return lambda: queue.decide(
            case, outcome=Outcome.REMOVED, reason=Reason.COMMERCE, revision=1, by_account=account
        )

    told = all_at_once([decide(one) for one in ours], town=town)
    assert names(told) == ["Case"] + ["NotAllowedError"] * (AT_ONCE - 1)
    winner = next(one for one in told if isinstance(one, Case))
    refusals = {str(one) for one in told if not isinstance(one, Case)}
    assert refusals == {f"Ce texte a déjà été retiré par {winner.decided_by}."}
    with town_context(town):
        assert Act.objects.filter(deed=Deed.REMOVED, subject_id=case.subject_id).count() == 1
        assert Message.objects.filter(key=f"moderation:{case.pk}").count() == 1


def test_of_many_who_take_at_once_one_has_it(town, board):
    with town_context(town):
        ours = agents("take")
        text, _ = board.put(somebody("Lucie"), "Mes tarifs et mes devis sont doux.")
        case = Case.objects.about(*text.subject).get()
    told = all_at_once([lambda one=one: queue.take(case, by_account=one) for one in ours], town=town)
    assert names(told) == ["Case"] + ["NotAllowedError"] * (AT_ONCE - 1)
    with town_context(town):
        holder = Case.objects.get(pk=case.pk).holder()
        assert {str(one).split(" jusqu’à")[0] for one in told if not isinstance(one, Case)} == {
            f"Ce texte est pris par {holder}"
        }


def test_reports_at_once_are_one_case(town, board):
    with town_context(town):
        text, _ = board.put(somebody("Nadia"), "J’aime cuisiner et marcher le matin.")
        before = Case.objects.count()
    say = lambda: services.report(subject=text.subject, reason=ReportReason.OTHER)  # noqa: E731
    told = all_at_once([say] * AT_ONCE, town=town)
    assert names(told) == ["Report"] * AT_ONCE
    with town_context(town):
        assert Case.objects.count() == before + 1
        assert Report.objects.filter(case__subject_id=text.number).count() == AT_ONCE


def test_one_appeal_and_one_answer_are_kept(town):
    with town_context(town):
        ours = agents("appeal")
        zoe = somebody("Zoé")
        one = sanctions.take(
            person=zoe, kind=SanctionKind.SUSPENSION, reason=Reason.CHARTER, words="Non.", by_account=ours[0]
        )
    again = lambda: sanctions.take(  # noqa: E731
        person=zoe, kind=SanctionKind.SUSPENSION, reason=Reason.CHARTER, words="Non.", by_account=ours[0]
    )
    assert names(all_at_once([again] * 3, town=town)) == ["ValidationError"] * 3
    said = all_at_once([lambda: sanctions.appeal(one, words="Mais si.", via=Via.SCREEN)] * AT_ONCE, town=town)
    assert names(said) == ["NotAllowedError"] * (AT_ONCE - 1) + ["Sanction"]
    answers = [
        lambda who=who, lifted=lifted: sanctions.answer(one, is_lifted=lifted, words="Voilà.", by_account=who)
        for who, lifted in ((ours[1], True), (ours[2], False), (ours[3], True), (ours[0], True))
    ]
    told = all_at_once(answers, town=town)
    assert names(told) == ["NotAllowedError"] * 3 + ["Sanction"]
    with town_context(town):
        kept = Sanction.objects.get(pk=one.pk)
        assert kept.appeal_answered_by_id != kept.by_account_id


def test_a_block_said_twice_at_once_is_once(town):
    with town_context(town):
        one, other = somebody("Irma"), somebody("Odile")
    told = all_at_once([lambda: blocks.block(blocker=one, blocked=other)] * AT_ONCE, town=town)
    assert names(told) == ["Block"] * AT_ONCE
    with town_context(town):
        assert Block.objects.filter(blocker=one).count() == 1
