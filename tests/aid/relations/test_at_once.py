"""Mandates granted, used and withdrawn at the same instant: real commits, from several connections."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from aid.help_requests import for_somebody
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.people.models import Person
from aid.relations import services
from aid.relations.enums import Consent, Scope
from aid.relations.models import ActedFor, Invitation, Mandate
from aid.relations.services import NoMandateError
from aid.territory.models import CoveredCommune
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.loop import somebody, visits
from tenants.context import town_context
from tenants.registry import TownEntry, registry

AT_ONCE = 6


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


@pytest.fixture
def two(town: TownEntry) -> tuple[Person, Person]:
    """Claire and Jeanne."""
    with town_context(town):
        return somebody("Claire", "+33639980005"), somebody("Jeanne", "+33639980001")


def grant(two: tuple[Person, Person]) -> Mandate:
    claire, jeanne = two
    return services.grant(representative=claire, principal=jeanne, scope=[Scope.REQUESTS], consent=Consent.ON_SCREEN)


def test_of_many_grants_at_once_one_is_kept(town, two):
    told = all_at_once([lambda: grant(two)] * AT_ONCE, town=town)
    assert sorted(type(one).__name__ for one in told) == ["Mandate"] + ["ValidationError"] * (AT_ONCE - 1)
    assert {one.messages[0] for one in told if isinstance(one, ValidationError)} <= {
        services.ALREADY,
        "Cette personne agit déjà pour elle à ces dates.",
    }
    with town_context(town):
        assert Mandate.objects.filter(principal=two[1]).count() == 1


def test_an_offer_is_accepted_once(town, two):
    claire, jeanne = two
    with town_context(town):
        invitation = services.invite(principal=jeanne, first_name="Claire", phone=claire.phone, scope=[Scope.REQUESTS])
    told = all_at_once([lambda: services.accept(invitation, representative=claire)] * AT_ONCE, town=town)
    assert [type(one) for one in told].count(Mandate) == 1
    assert [type(one) for one in told].count(NoMandateError) == AT_ONCE - 1
    with town_context(town):
        assert not Invitation.objects.waiting().filter(principal=jeanne).exists()


def test_what_is_asked_while_it_is_withdrawn_was_before_it_or_is_refused(town, two):
    _, jeanne = two
    with town_context(town):
        mandate = grant(two)
        need = Need(
            kind=visits(),
            day=timezone.localdate() + datetime.timedelta(days=2),
            commune=CoveredCommune.objects.order_by("pk")[0],
        )
    asking = [lambda: for_somebody.ask(mandate, need=need)] * 3
    told = all_at_once([*asking, lambda: services.revoke(mandate, by_person=jeanne)], town=town)
    asked = [one for one in told if isinstance(one, HelpRequest)]
    refused = [one for one in told if isinstance(one, NoMandateError)]
    assert len(asked) + len(refused) == len(asking)
    with town_context(town):
        ended = Mandate.objects.get(pk=mandate.pk).revoked_at
        assert ended is not None
        assert ActedFor.objects.filter(principal=jeanne).count() == len(asked)
        with pytest.raises(NoMandateError):
            for_somebody.ask(mandate, need=need)
        assert HelpRequest.objects.filter(person=jeanne).count() == len(asked)
