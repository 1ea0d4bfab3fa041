"""What may be done is said once, from roles, for pages and templates alike."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.http import Http404, HttpResponse

from accounts import abilities
from accounts.abilities import get_abilities, may_do, may_read, roles_with
from accounts.access import ability_required
from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS, Role
from accounts.second_step import PASSED

OPENS_TO_AGENTS = (
    "open_desk", "enter_requests", "change_people", "tell_what_is_known", "follow_volunteers", "read_proofs",
)  # fmt: skip
OPENS_TO_ADMINISTRATORS = (
    "export_people",
    "import_people",
    "merge_people",
    "read_accesses",
    "manage_site",
    "bind_coordinators",
    "name_referents",
    "manage_partners",
    "set_worry_duty",
    "see_support",
    "set_retention",
    "read_register",
    "end_support",
    "see_books",
    "answer_on_books",
)


def account(*groups: str) -> Account:
    made = Account.objects.create_account(email=f"compte{Account.objects.count()}@exemple.example")
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def of(who: Account | AnonymousUser) -> set[str]:
    return {name for name, has_it in get_abilities(who).items() if has_it}


def test_abilities_follow_roles_and_are_closed_by_default(town):
    assert of(AnonymousUser()) == of(account()) == set()
    agent, administrator, coordinator = (of(account(name)) for name in (AGENTS, ADMINISTRATORS, COORDINATORS))
    assert set(OPENS_TO_AGENTS) <= agent
    assert not agent & set(OPENS_TO_ADMINISTRATORS)
    assert administrator == agent | set(OPENS_TO_ADMINISTRATORS)
    # The same gestures, for the people of some sectors; nothing that tells of all the others.
    assert coordinator < agent
    assert agent - coordinator == {
        "check_professionals",
        "follow_rights",
        "keep_notes",
        "keep_words",
        "manage_doors",
        "manage_relations",
        "note_deaths",
        "see_directory",
        "tell_what_is_known",
        "write_yearly_letter",
    }
    closed = account(ADMINISTRATORS)
    closed.is_active = False
    assert of(closed) == set()


def test_who_only_looks_changes_nothing(town, monkeypatch):
    monkeypatch.setattr(abilities, "_limits", [lambda one, what: one.first_name == "Sylvie" and what.changes])
    sylvie = account(ADMINISTRATORS)
    sylvie.first_name = "Sylvie"
    assert {"open_desk", "manage_site", "read_accesses"} <= of(sylvie)
    assert not of(sylvie) & {"enter_requests", "change_people", "export_people", "import_people", "bind_coordinators"}
    assert "enter_requests" in of(account(AGENTS))


def test_a_view_opens_to_who_has_its_ability(town, rf, monkeypatch):
    monkeypatch.setattr(abilities, "_abilities", {})
    view = ability_required("water_plants")(lambda request: HttpResponse("ouvert"))
    # Rooms may say it later than the view is read.
    abilities.register([may_do("water_plants", Role.AGENT), may_read("see_plants", Role.ADMINISTRATOR)])
    request = rf.get("/serre/")
    request.session = {PASSED: 1}
    request.user = AnonymousUser()
    assert view(request)["Location"] == "/connexion/?next=/serre/"
    request.user = account(AGENTS)
    assert view(request).content.decode() == "ouvert"
    assert "no-store" in view(request)["Cache-Control"]
    request.user = account()
    with pytest.raises(Http404):
        view(request)
    monkeypatch.setattr(abilities, "_limits", [lambda one, what: what.changes])
    request.user = account(AGENTS)
    with pytest.raises(Http404):
        view(request)
    with pytest.raises(KeyError):
        roles_with("fly")


def test_templates_ask_for_abilities_that_exist():
    """A name that no room has said would hide a button for ever."""
    asked = {
        name
        for path in Path(settings.ROOT, "platform").rglob("*.html")
        for name in re.findall(r"\babilities\.(\w+)", path.read_text())
    }
    assert asked
    for name in asked:
        assert roles_with(name)
