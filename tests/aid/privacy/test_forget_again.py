"""After a restore: who was forgotten since the backup is forgotten again in the town that came back."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from aid.people.models import Person
from aid.privacy.forgetting import forget
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_person, make_request
from tenants.context import town_context
from tenants.registry import TownEntry, registry


@pytest.fixture
def towns(own_database: str) -> tuple[TownEntry, TownEntry]:
    """The town of today, and the one that stands for it as it was."""
    return registry.find(FIRST_TOWN)[0], registry.find(SECOND_TOWN)[0]


def forget_again(today: TownEntry, restored: TownEntry, *more: str) -> None:
    call_command("forget_again", "--from", today.domain, "--in", restored.domain, *more)


def same_person(towns: tuple[TownEntry, TownEntry], first_name: str) -> Person:
    """Somebody who has one number in both: the backup was taken after she was written down."""
    numbers = []
    for town in towns:
        with town_context(town):
            numbers.append(Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    for town in towns:
        with town_context(town):
            person = make_person(first_name, phone="", pk=max(numbers) + 1)
    return person


def test_who_was_forgotten_since_is_forgotten_again_and_nobody_else(towns, capsys):
    today, restored = towns
    simone, jeanne, zoe = (same_person(towns, name) for name in ("Simone", "Jeanne", "Zoé"))
    with town_context(today):
        for person in (simone, jeanne):
            forget(Person.objects.get(pk=person.pk))
    with town_context(restored):
        make_request(Person.objects.get(pk=jeanne.pk))
    forget_again(today, restored, "--json")
    told = capsys.readouterr().out
    assert json.loads(told) == {"forgotten": 1, "in_the_way": 1}
    assert "Simone" not in told
    with town_context(restored):
        left = set(Person.objects.filter(pk__in=[simone.pk, jeanne.pk, zoe.pk]).values_list("first_name", flat=True))
    assert left == {"Jeanne", "Zoé"}, "Jeanne's visit is ended by a human first"
    forget_again(today, restored)
    assert "0 personnes" in capsys.readouterr().out


def test_a_town_that_is_not_there_is_told(towns):
    with pytest.raises(CommandError, match="Aucune ville"):
        call_command("forget_again", "--from", "nulle-part", "--in", towns[1].domain)
