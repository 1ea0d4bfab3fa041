"""Who is what, where they arrive, and what opens to them."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse

from accounts import access, landing, roles
from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, BILLERS, Role, may_bill, may_operate, roles_of
from accounts.second_step import PASSED
from accounts.services import invite_biller, invite_operator
from tenants.context import PLATFORM, facing


def account(*groups: str, **fields: object) -> Account:
    made = Account.objects.create_account(email=f"compte{Account.objects.count()}@exemple.example", **fields)
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def test_roles_in_a_town(town):
    assert roles_of(AnonymousUser()) == set()
    assert roles_of(account()) == set()
    assert roles_of(account(AGENTS)) == {Role.AGENT}
    assert roles_of(account(ADMINISTRATORS)) == {Role.AGENT, Role.ADMINISTRATOR}
    assert roles_of(account(ADMINISTRATORS, is_active=False)) == set()
    # The mark of operators opens nothing of this kind in a town.
    assert roles_of(account(is_superuser=True)) == set()


def test_roles_of_rooms_above(town, monkeypatch):
    monkeypatch.setattr(roles, "_predicates", {})
    roles.register(Role.VOLUNTEER, lambda one: one.first_name == "Alice")
    assert roles_of(account(first_name="Alice")) == {Role.VOLUNTEER}
    assert roles_of(account(AGENTS, first_name="Alice")) == {Role.VOLUNTEER, Role.AGENT}
    assert roles_of(account(first_name="Jeanne")) == set()


def test_operators_are_of_the_platform(db):
    with facing(PLATFORM):
        operator = invite_operator(email="Op@palier.example")
        assert roles_of(operator) == {Role.OPERATOR}
        assert roles_of(account()) == set()
        assert invite_operator(email="op@palier.example").pk == operator.pk


def test_who_bills_does_not_run_towns_unless_invited_twice(db):
    with facing(PLATFORM):
        biller = invite_biller(email="Compta@palier.example")
        assert roles_of(biller) == {Role.BILLING}
        assert (may_bill(biller), may_operate(biller), biller.is_superuser) == (True, False, False)
        operator = invite_operator(email="op@palier.example")
        assert (may_bill(operator), may_operate(operator)) == (False, True)
        both = invite_operator(email="compta@palier.example")
        assert both.pk == biller.pk
        assert roles_of(both) == {Role.BILLING, Role.OPERATOR}
        assert roles_of(account()) == set()
        assert not may_bill(AnonymousUser())


def test_a_group_of_that_name_opens_nothing_in_a_town(town):
    Group.objects.create(name=BILLERS)
    assert roles_of(account(BILLERS)) == set()
    with pytest.raises(ValidationError):
        invite_biller(email="compta@palier.example")


def test_everybody_arrives_where_there_is_most_to_do(town, monkeypatch):
    monkeypatch.setattr(landing, "_pages", {})
    assert landing.path_for(account(AGENTS)) == "/"
    landing.register(Role.AGENT, "account_logout")
    assert landing.path_for(account(AGENTS)) == "/deconnexion/"
    assert landing.path_for(account(ADMINISTRATORS)) == "/deconnexion/"
    assert landing.path_for(account()) == "/"
    landing.register(Role.ADMINISTRATOR, "a_view_of_another_site")
    assert landing.path_for(account(ADMINISTRATORS)) == "/deconnexion/"


@pytest.mark.parametrize(
    ("guard", "opens_to"),
    [
        (access.role_required(Role.AGENT), {AGENTS, ADMINISTRATORS}),
        (access.role_required(Role.ADMINISTRATOR), {ADMINISTRATORS}),
        (access.operator_required, set()),
    ],
)
def test_a_guarded_view_opens_to_its_own(town, rf, guard, opens_to):
    view = guard(lambda request: HttpResponse("ouvert"))
    request = rf.get("/bureau/?jour=demain")
    request.user = AnonymousUser()
    assert view(request)["Location"] == "/connexion/?next=/bureau/%3Fjour%3Ddemain"
    for group in (AGENTS, ADMINISTRATORS, "rien"):
        request.user, request.session = account(group), {}
        if group in opens_to:
            assert view(request)["Location"].startswith("/securite/verification/?next=/bureau/")
            request.session[PASSED] = 1
            answer = view(request)
            assert answer.content.decode() == "ouvert"
            assert "no-store" in answer["Cache-Control"]
        else:
            with pytest.raises(Http404):
                view(request)
