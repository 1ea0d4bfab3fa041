"""Two administrators, or two businesses, at the same instant."""

from django.core.exceptions import ValidationError

from aid.directory.models import Professional, Referent, Welcome
from aid.directory.professionals import propose_for
from aid.directory.services import name_referent
from aid.directory.welcoming import welcome
from aid.followups.models import FollowUp
from aid.privacy.enums import Agreed
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_person
from harness.directory import SIRETS, an_administrator, with_professionals
from harness.towns import entry_of
from tenants.context import town_context


def test_two_administrators_at_once_name_one_referent(own_database):
    town = entry_of(FIRST_TOWN)
    with town_context(town):
        person, accounts = make_person("Alice", "Morel"), [an_administrator() for _ in range(4)]
    works = [lambda by=by: name_referent(person, agreed=Agreed.SPOKEN, by_account=by).pk for by in accounts]
    told = all_at_once(works, town=town)
    assert len(set(told)) == 1, told
    with town_context(town):
        assert Referent.objects.running().filter(person=person).count() == 1


def test_two_who_propose_one_siret_at_once_are_one_professional(own_database):
    town = entry_of(FIRST_TOWN)
    with town_context(town):
        with_professionals()
        account = an_administrator()
    fields = {"trade": "Plombière", "siret": SIRETS[0], "phone": "+33199001155", "communes": []}
    works = [
        lambda name=name: propose_for(by_account=account, name=name, **fields) for name in ("Une", "Deux", "Trois")
    ]
    told = all_at_once(works, town=town)
    assert sum(isinstance(one, Professional) for one in told) == 1, told
    assert sum(isinstance(one, ValidationError) for one in told) == 2, told
    with town_context(town):
        assert Professional.objects.count() == 1


def test_a_newcomer_who_is_told_twice_at_once_is_welcomed_once(own_database):
    town = entry_of(FIRST_TOWN)
    with town_context(town):
        name_referent(make_person("Eve", "Martin"), agreed=Agreed.SPOKEN, by_account=an_administrator())
        newcomer = make_person("Rosalie", "Blanc", "")
    told = all_at_once([lambda: welcome(newcomer).pk] * 3, town=town)
    assert len(set(told)) == 1, told
    with town_context(town):
        assert Welcome.objects.filter(person=newcomer).count() == 1
        assert FollowUp.objects.filter(person=newcomer, kind="newcomer").count() == 1
