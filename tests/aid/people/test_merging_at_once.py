"""Two administrators at once, and jobs meanwhile: real commits, from several connections."""

from collections.abc import Callable

import pytest

from aid.people.merging import MergeRefusedError, fingerprint
from aid.people.models import Person
from aid.people.services import register_person, update_person
from aid.privacy.merging import merge
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import open_request, volunteer
from tenants.context import town_context
from tenants.registry import TownEntry, registry

TIMES = 5


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


def merging(kept: Person, gone: Person, account: object) -> Callable[[], Person]:
    return lambda: merge(kept, gone, take=[], seen=fingerprint(kept, gone), by_account=account)


def test_of_two_who_merge_each_card_into_the_other_one_does(town):
    with town_context(town):
        accounts = [make_account(f"maire{number}@ccas.example", "Administrateurs") for number in range(2)]
    for number in range(TIMES):
        with town_context(town):
            a, b = (
                register_person(first_name=name, last_name=f"Essai{number}", phone=f"+3363998{number}00{place}")
                for place, name in enumerate(("Jeanne", "Jane"))
            )
        told = all_at_once([merging(a, b, accounts[0]), merging(b, a, accounts[1])], town=town)
        assert sorted(type(one).__name__ for one in told) == ["MergeRefusedError", "Person"]
        with town_context(town):
            (gone,) = Person.objects.filter(pk__in=[a.pk, b.pk], merged_into__isnull=False)
            assert gone.merged_into_id == next(one.pk for one in told if isinstance(one, Person))


def test_who_changes_or_answers_meanwhile_is_neither_lost_nor_blocked(town):
    with town_context(town):
        account = make_account("maire@ccas.example", "Administrateurs")
    for number in range(TIMES):
        with town_context(town):
            kept = register_person(first_name="Jeanne", phone=f"+3363998{number}101")
            gone = register_person(first_name="Jeanne", phone=f"+3363998{number}102")
            helper = volunteer("Alice", f"+3363998{number}103")
            asked = open_request(gone)
            ask_volunteers(asked.pk)
            proposal = Proposal.objects.get(request=asked, volunteer=helper)
        told = all_at_once(
            [
                merging(kept, gone, account),
                lambda gone=gone: update_person(gone, address="9 rue Neuve"),
                lambda proposal=proposal: accept(proposal),
                lambda asked=asked: ask_volunteers(asked.pk),
            ],
            town=town,
        )
        assert [one for one in told if isinstance(one, Exception) and not isinstance(one, MergeRefusedError)] == []
        with town_context(town):
            asked.refresh_from_db()
            assert asked.volunteer == helper
            standing = Person.objects.get(pk=gone.pk).standing
            assert asked.person == standing
            if standing == kept:
                assert Person.objects.get(pk=kept.pk).address == "9 rue Neuve"
            Proposal.objects.filter(volunteer=helper).exclude(request=asked).delete()
            helper.state = "left"
            helper.save()
