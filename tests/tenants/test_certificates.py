"""What the proxy asks before it asks for a certificate: yes for our hosts, no for anybody else's."""

import pytest

from harness.databases import FIRST_TOWN
from tenants.context import PLATFORM, facing
from tenants.enums import TownState
from tenants.models import Domain, Town

ASK = "/domaine-connu/"


@pytest.mark.parametrize("domain", [FIRST_TOWN, FIRST_TOWN.upper(), f"www.{FIRST_TOWN}", "localhost"])
def test_our_hosts_may_have_one(visit, domain):
    assert visit("localhost").get(ASK, {"domain": domain}).status_code == 200


@pytest.mark.parametrize("domain", ["inconnue.localhost", "palier.example", "", "..", "a b", f"x.{FIRST_TOWN}"])
def test_other_hosts_may_not(visit, domain):
    assert visit("localhost").get(ASK, {"domain": domain}).status_code == 404


def test_the_question_without_a_domain_is_a_no(visit):
    assert visit("localhost").get(ASK).status_code == 404


def test_a_suspended_town_keeps_its_certificate_and_a_new_domain_has_one_at_once(visit, town):
    with facing(PLATFORM):
        Town.objects.filter(pk=town.id).update(state=TownState.SUSPENDED)
        Domain.objects.create(tenant_id=town.id, domain="entraide.exemple.fr", is_primary=False)
    for domain in (FIRST_TOWN, "entraide.exemple.fr"):
        assert visit("localhost").get(ASK, {"domain": domain}).status_code == 200


def test_only_the_platform_is_asked(visit):
    """A proxy that passed on the name of its upstream would be told that no town answers there."""
    assert visit("web").get(ASK, {"domain": FIRST_TOWN}).status_code == 404
    assert visit(FIRST_TOWN).get(ASK, {"domain": FIRST_TOWN}).status_code == 404
