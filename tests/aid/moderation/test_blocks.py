"""Who does not want to see another is never proposed to them, nor they to who said so."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import AGENTS
from aid.moderation import blocks
from aid.moderation.models import Block
from aid.offers.services import volunteers_for
from aid.people.models import Person
from aid.privacy.enums import Act, SeenOn
from aid.privacy.services import accesses_to
from aid.proposals.models import Proposal
from aid.proposals.services import ask_volunteers
from aid.territory.models import CoveredCommune
from harness.desk import make_account
from harness.loop import jeanne, open_request, somebody, visits, volunteer
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.mark.parametrize("who_says_it", ["asker", "volunteer"])
def test_two_who_are_apart_are_never_proposed_to_each_other(who_says_it):
    alice, lucie, her = volunteer("Alice", "+33639980002"), volunteer("Lucie", "+33639980003"), jeanne()
    one, other = (her, alice.person) if who_says_it == "asker" else (alice.person, her)
    commune = CoveredCommune.objects.first()
    with CaptureQueriesContext(connection) as before:
        assert list(volunteers_for(kind=visits(), commune=commune, asker=her)) == [alice, lucie]
    blocks.block(blocker=one, blocked=other)
    with CaptureQueriesContext(connection) as after:
        assert list(volunteers_for(kind=visits(), commune=commune, asker=her)) == [lucie]
    assert len(before) == len(after), "in the same query"
    request = open_request(her)
    ask_volunteers(request.pk)
    assert [one.volunteer for one in Proposal.objects.all()] == [lucie]
    # They think better of it.
    blocks.unblock(blocker=one, blocked=other)
    ask_volunteers(request.pk)
    assert Proposal.objects.count() == 2


def test_each_takes_back_their_own_block_only():
    one, other = somebody("Irma"), somebody("Odile")
    blocks.block(blocker=one, blocked=other)
    blocks.block(blocker=one, blocked=other)
    blocks.block(blocker=other, blocked=one)
    assert Block.objects.count() == 2
    blocks.unblock(blocker=one, blocked=other)
    assert Block.objects.get().blocker == other, "they are still apart"
    assert [str(block.blocked) for block in blocks.blocked_by(other)] == [str(one)]
    assert not blocks.blocked_by(one)
    with pytest.raises(ValidationError, match="quelqu’un d’autre que vous"):
        blocks.block(blocker=one, blocked=one)


def test_a_list_of_persons_leaves_them_out(other_town):
    one, other = somebody("Irma"), somebody("Odile")
    blocks.block(blocker=one, blocked=other)
    for person, unseen in ((one, other), (other, one)):
        assert unseen not in Person.objects.exclude(blocks.apart_from(person, path="pk"))
    with facing(other_town):
        assert not Block.objects.exists()


def test_what_an_agent_notes_for_somebody_is_kept_and_what_they_do_themselves_is_not(town):
    one, other = somebody("Irma"), somebody("Odile")
    agent = make_account("nadia@ccas.example", AGENTS)
    for by_account in (None, agent, agent):
        blocks.block(blocker=one, blocked=other, by_account=by_account)
    assert not accesses_to(one), "an agent who repeats what she said changes nothing"
    for _ in range(2):
        blocks.unblock(blocker=one, blocked=other, by_account=agent)
    blocks.block(blocker=one, blocked=other, by_account=agent)
    noted = [(line.act, line.screen, line.by_account) for line in accesses_to(one)]
    assert noted == [(Act.CHANGED, SeenOn.BLOCKS, agent)] * 2
    assert not accesses_to(other), "nothing on the other's card says so"
