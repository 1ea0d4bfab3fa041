"""The people of a demonstration town, by the services that everybody uses."""

import pytest
from django.utils import timezone

from aid.people.models import Person
from aid.personal.services import open_door
from aid.relations.services import mandates_in_force, relatives_of
from console.demo.people import people_town

pytestmark = pytest.mark.django_db


def test_claire_may_act_for_her_mother_and_both_have_a_way_in(town):
    """The README walks this story: with the very addresses that it tells."""
    people_town(domain="pont-sainte-maxence.localhost", telephone="03 53 01 00 01", today=timezone.localdate())
    claire, suzanne = (
        open_door(email=f"{name}@pont-sainte-maxence.example").persons.get() for name in ("claire", "suzanne")
    )
    (mandate,) = mandates_in_force(claire)
    assert mandate.principal == suzanne
    assert relatives_of(suzanne) == [(claire, "sa fille")]
    assert not Person.objects.filter(first_name="Jeanne").exists(), "the first story is of whom nobody knows"
