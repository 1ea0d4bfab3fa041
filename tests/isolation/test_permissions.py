"""Every address × every role × the expected answer.

A new address is written in the table, or the test fails: `"room:view": Line(ROLES…, kwargs=…)`. Wagtail's two hundred
screens are held by one rule. A room that came later lists its own (harness.rooms).
"""

import uuid
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS
from accounts.services import invite_biller, invite_operator
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.support.services import new_link
from aid.territory.models import CoveredCommune, Sector
from aid.territory.services import add_district, add_sector, bind_coordinator
from harness import rooms
from harness.addresses import addresses_of
from harness.console import an_opening
from harness.databases import FIRST_TOWN
from harness.desk import a_colleague, a_followup, make_person, make_request, make_volunteer, send_list
from harness.links import asked, follow_token
from harness.mandates import a_mandate, one_of_two
from harness.messages import an_sms
from harness.partners import a_contact_with_an_account
from harness.permissions import (
    ABSENT,
    ASKING,
    DOOR,
    HOME,
    Answer,
    Line,
    at_the_desk,
    for_administrators,
    for_agents,
    for_operators,
    for_platform_staff,
    posted_at_the_desk,
    posted_by_agents,
    posted_by_residents,
    signed_in,
)
from harness.rights import a_right, stay_token, who_agreed
from harness.support import an_access
from harness.towns import entry_of
from tenants.context import PLATFORM, facing

TOWN_URLS, PLATFORM_URLS = "config.urls_town", "config.urls_platform"
PLATFORM_HOST = "localhost"


def request_to_check() -> HelpRequest:
    """A request of somebody, yet to be checked."""
    return make_request(make_person(), RequestState.TO_CHECK)


PERSONAL, DESK, PARTNERS = "/mon-espace/", "/bureau/", "/partenaires/"
AT_HOME = {"resident": PERSONAL, "volunteer": PERSONAL, "partner": PARTNERS}
AT_THE_DESK = dict.fromkeys(("agent", "administrator", "coordinator", "coordinator_elsewhere"), DESK)
TOWN: dict[str, Line] = {
    "account_request_login_code": Line(HOME, anonymous=200, **AT_HOME, **AT_THE_DESK),
    "account_login": Line(HOME, anonymous=200, **AT_HOME, **AT_THE_DESK),
    "account_confirm_login_code": Line(HOME, anonymous=DOOR, **AT_HOME, **AT_THE_DESK),
    "account_logout": signed_in(200, anonymous=HOME),
    "by_letter": Line(200),
    "by_password": Line(HOME, anonymous=DOOR, **AT_HOME, **AT_THE_DESK),
    # Never staff's.
    "password": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200, partner=200),
    # The second step of who works for the town, who took it here (harness.second_step).
    "security": at_the_desk(),
    "second_step": Line(ABSENT, anonymous=DOOR, **AT_THE_DESK),
    "second_step_enrol": at_the_desk(),
    "add_passkey": at_the_desk(),
    "rescue_codes": at_the_desk(),
    "forget_colleague": for_administrators(kwargs=lambda: {"uid": a_colleague().uid}),
    "devices": signed_in(200, anonymous=DOOR),
    "desk:board": at_the_desk(),
    "desk:coordinators": for_administrators(),
    "desk:edit_person": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:export_people": for_administrators(),
    "desk:import_people": for_administrators(),
    "desk:leave_account": for_agents(kwargs=one_of_two),
    "desk:left_out": for_administrators(kwargs=lambda: {"uid": send_list("Prénom\r\n12\r\n").uid}),
    "desk:people_import": for_administrators(kwargs=lambda: {"uid": send_list("Prénom\r\nZoé\r\n").uid}),
    "desk:find_people": posted_at_the_desk(),
    "desk:followup": at_the_desk(kwargs=lambda: {"uid": a_followup(person=make_person()).uid}),
    "desk:followups": at_the_desk(),
    "desk:gesture": at_the_desk(kwargs=lambda: {"uid": request_to_check().uid, "slug": "verifier"}),
    "desk:merge_persons": for_administrators(kwargs=lambda: {"uid": make_person().uid}),
    "desk:move_volunteer": posted_at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "desk:new_request": at_the_desk(),
    "desk:new_volunteer": at_the_desk(),
    "desk:note": posted_at_the_desk(kwargs=lambda: {"uid": request_to_check().uid}),
    "desk:people": at_the_desk(),
    "desk:person": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:person_known": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:person_known_file": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:person_known_pdf": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:ask_right": for_agents(kwargs=lambda: {"uid": make_person().uid, "slug": "m-oublier"}),
    "desk:withdraw_consent": for_agents(kwargs=lambda: {"uid": who_agreed().uid, "kind": "ask"}),
    "desk:rights": for_agents(),
    "desk:right": for_agents(kwargs=lambda: {"uid": a_right().uid}),
    "desk:right_gesture": for_agents(kwargs=lambda: {"uid": a_right().uid, "slug": "oublier"}),
    "desk:retention": for_administrators(),
    "desk:register": for_administrators(),
    "desk:register_file": for_administrators(),
    "desk:keep_person": posted_at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:person_accesses": for_administrators(kwargs=lambda: {"uid": make_person().uid}),
    "desk:print_letter": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:person_notes": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:erase_note": posted_by_agents(kwargs=lambda: {"uid": make_person().uid, "note": uuid.uuid4()}),
    "desk:reopen_contacts": posted_by_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:person_died": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:take_back_death": posted_by_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:request": at_the_desk(kwargs=lambda: {"uid": request_to_check().uid}),
    "desk:requests": at_the_desk(),
    "desk:relations": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:add_relation": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:remove_relation": posted_by_agents(kwargs=lambda: {"uid": make_person().uid}),
    "desk:end_mandate": for_agents(kwargs=a_mandate),
    "desk:support_access": for_administrators(kwargs=lambda: {"uid": an_access().uid}),
    "desk:support_accesses": for_administrators(),
    "desk:end_support": Line(ABSENT, anonymous=DOOR, administrator=405, kwargs=lambda: {"uid": an_access().uid}),
    "desk:volunteers": at_the_desk(),
    # The demonstration's and the tests': `check --deploy` refuses the outbox elsewhere.
    "notifications:outbox": Line(200),
    "notifications:reply": Line(200, kwargs=an_sms),
    "notifications:receive_sms": Line(ABSENT),
    "personal:home": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "personal:known": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "personal:known_file": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "personal:known_pdf": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    # Nobody of these agreed to anything.
    "personal:withdraw_consent": Line(ABSENT, anonymous=DOOR, kwargs={"kind": "ask"}),
    "personal:right": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200, kwargs={"slug": "m-oublier"}),
    "personal:think_again": Line(
        ABSENT, anonymous=DOOR, resident=405, volunteer=405, kwargs=lambda: {"uid": a_right().uid}
    ),
    # Whoever holds its link, whatever their role.
    "personal:stay": Line(200, kwargs=lambda: {"token": stay_token()}),
    "personal:door": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    # Asked of who shares an account; these do not.
    "personal:who": Line(ABSENT, anonymous=DOOR, resident=PERSONAL, volunteer=PERSONAL),
    "personal:leave": Line(ABSENT, anonymous=DOOR),
    "personal:in_my_name": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "personal:act_for": posted_by_residents(),
    "personal:stop_acting": posted_by_residents(),
    # A mandate, an offer, a request of others': nobody's here.
    "personal:end_mandate": Line(ABSENT, anonymous=DOOR, kwargs=lambda: {"uid": a_mandate()["mandate"]}),
    "personal:withdraw_invitation": posted_by_residents(kwargs=lambda: {"uid": uuid4()}),
    "personal:answer_invitation": posted_by_residents(kwargs=lambda: {"uid": uuid4()}),
    "personal:request": Line(ABSENT, anonymous=DOOR, kwargs=lambda: {"uid": request_to_check().uid}),
    "personal:cancel_request": Line(ABSENT, anonymous=DOOR, kwargs=lambda: {"uid": request_to_check().uid}),
    "personal:thank_volunteer": posted_by_residents(kwargs=lambda: {"uid": request_to_check().uid}),
    "proposals:answer": Line(200, kwargs=asked),
    # Anybody asks; each step leads to the first one where nothing was answered yet.
    "help_requests:what": Line(200),
    "help_requests:when": Line(ASKING),
    "help_requests:you": Line(ASKING),
    "help_requests:code": Line(ASKING),
    # Whoever holds its link, whatever their role; a link that is not one of ours opens nothing.
    "help_requests:follow": Line(200, kwargs=follow_token),
    "help_requests:cancel": Line(200, kwargs=follow_token),
    "help_requests:thank": Line(405, kwargs=follow_token),
    "help_requests:how": Line(405, kwargs=follow_token),
    # Whoever holds an operator's one link.
    "support:enter": Line(200, kwargs=lambda: {"token": new_link(an_access())}),
    "public_file": Line(ABSENT, kwargs={"path": "rien.pdf"}),
    "themes:stylesheet": Line(200),
    "themes:text_size": Line(HOME, query="?taille=lg"),
    "themes:manifest": Line(200),
    "themes:icon": Line(200),
    "themes:robots": Line(200),
    "wagtail_serve": Line(200, args=("",)),
    "wagtailcore_authenticate_with_password": Line(ABSENT, args=(1, 1)),
    "wagtailcore_login": signed_in(DOOR, anonymous=DOOR),
    "wagtaildocs_authenticate_with_password": Line(ABSENT, args=(1,)),
    "wagtaildocs_serve": Line(ABSENT, args=(1, "x.pdf")),
} | rooms.ADDRESSES
PLATFORM_SITE: dict[str, Line] = {
    "account_request_login_code": Line(HOME, anonymous=200, operator="/console/", billing="/console/facturation/"),
    "account_login": Line(HOME, anonymous=200, operator="/console/", billing="/console/facturation/"),
    "account_confirm_login_code": Line(HOME, anonymous=DOOR, operator="/console/", billing="/console/facturation/"),
    "account_logout": signed_in(200, anonymous=HOME),
    "by_letter": Line(ABSENT),  # a platform prints no letter
    "by_password": Line(ABSENT),  # an operator has none
    "password": Line(ABSENT, anonymous=DOOR),
    "devices": signed_in(200, anonymous=DOOR),
    "security": for_platform_staff(),
    "second_step": Line(ABSENT, anonymous=DOOR, operator="/console/", billing="/console/facturation/"),
    "second_step_enrol": for_platform_staff(),
    "add_passkey": for_platform_staff(),
    "rescue_codes": for_platform_staff(),
    "forget_colleague": Line(ABSENT, anonymous=DOOR, kwargs={"uid": uuid.uuid4()}),
    "components": Line(200),
    "console:home": Line(200),
    "console:outbox": Line(200),  # the demo's and the tests'
    "console:domains": for_operators(kwargs=lambda: {"schema": entry_of(FIRST_TOWN).schema_name}),
    "console:open_town": for_operators(),
    "console:opening": for_operators(kwargs=an_opening),
    "console:suspension": for_operators(kwargs=lambda: {"schema": entry_of(FIRST_TOWN).schema_name}),
    "console:town": for_platform_staff(kwargs=lambda: {"schema": entry_of(FIRST_TOWN).schema_name}),
    "console:towns": for_platform_staff(),
    "console:support": for_operators(kwargs=lambda: {"schema": entry_of(FIRST_TOWN).schema_name}),
    "may_have_certificate": Line(ABSENT, query="?domain=ailleurs.example"),
    "themes:stylesheet": Line(200),
    "themes:text_size": Line(HOME, query="?taille=lg"),
    "themes:manifest": Line(200),
    "themes:icon": Line(200),
    "themes:robots": Line(200),
} | rooms.PLATFORM_ADDRESSES

# The back-office: what anybody may get of it, and what is not Wagtail's any more.
BACK_OFFICE = "/gestion/"
WITHOUT_SIGN_IN = {"wagtailadmin_sprite": 200, "wagtailadmin_javascript_catalog": 200, "wagtailadmin_logout": HOME}
NO_MORE = {
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
}
# Wagtail's own page that fails on purpose.
FAILS = {"wagtailadmin_error_test"}


def resident() -> Account:
    account = Account.objects.create_account(email="jeanne@exemple.example")
    Person.objects.create(first_name="Jeanne", account=account)
    return account


def volunteer() -> Account:
    account = Account.objects.create_account(email="alice@exemple.example")
    person = Person.objects.create(first_name="Alice", account=account)
    Volunteer.objects.create(person=person, state=VolunteerState.ADMITTED, admitted_on="2026-11-01")
    return account


def member(group: str) -> Account:
    account = Account.objects.create_account(email=f"{group.lower()}@exemple.example")
    account.groups.add(Group.objects.get(name=group))
    return account


def coordinator() -> Account:
    """Somebody bound to the sector where the rows of the table live."""
    return coordinator_of(add_sector(name="Ici", communes=[CoveredCommune.objects.get()]))


def coordinator_elsewhere() -> Account:
    """Somebody bound to the sector of a district where nobody lives."""
    return coordinator_of(
        add_sector(name="Ailleurs", districts=[add_district(name="Nord", commune=CoveredCommune.objects.get())])
    )


def coordinator_of(sector: Sector) -> Account:
    account = member(COORDINATORS)
    bind_coordinator(account, sectors=[sector], by_account=account)
    return account


TOWN_ROLES: dict[str, Callable[[], Account | None]] = {
    "anonymous": lambda: None,
    "resident": resident,
    "volunteer": volunteer,
    "partner": lambda: a_contact_with_an_account().account,
    "agent": lambda: member(AGENTS),
    "coordinator": coordinator,
    "coordinator_elsewhere": coordinator_elsewhere,
    "administrator": lambda: member(ADMINISTRATORS),
}
PLATFORM_ROLES: dict[str, Callable[[], Account | None]] = {
    "anonymous": lambda: None,
    # What a town's account would be here, had somebody copied it.
    "resident": lambda: Account.objects.create_account(email="jeanne@exemple.example"),
    "operator": lambda: invite_operator(email="operateur@palier.example"),
    "billing": lambda: invite_biller(email="facturation@palier.example"),
}


def browser_of(host: str, account: Account | None) -> Client:
    client = Client(headers={"host": host}, raise_request_exception=False)
    if account is not None:
        client.force_login(account)
    return client


def answer_of(response: HttpResponse) -> Answer:
    """A status; of a redirection, where to, without its query."""
    return response["Location"].partition("?")[0] if response.status_code in {301, 302} else response.status_code


def paths_of(table: dict[str, Line], urlconf: str) -> dict[str, str]:
    """Each line's address."""
    paths = {}
    for name, line in table.items():
        kwargs = line.kwargs() if callable(line.kwargs) else line.kwargs
        paths[name] = reverse(name, args=line.args or None, kwargs=kwargs or None, urlconf=urlconf) + line.query
    return paths


def test_every_address_is_in_the_table():
    found = {one.name for one in addresses_of(TOWN_URLS) if not one.path.startswith(BACK_OFFICE)}
    assert found == set(TOWN)
    assert {one.name for one in addresses_of(PLATFORM_URLS)} == set(PLATFORM_SITE)


@pytest.mark.parametrize("role", TOWN_ROLES)
def test_each_address_of_a_town_answers_each_role_as_the_table_says(town, role):
    client = browser_of(FIRST_TOWN, TOWN_ROLES[role]())
    told = {name: answer_of(client.get(path)) for name, path in paths_of(TOWN, TOWN_URLS).items()}
    assert told == {name: line.expected(role) for name, line in TOWN.items()}


@pytest.mark.parametrize("role", PLATFORM_ROLES)
def test_each_address_of_the_platform_answers_each_role_as_the_table_says(db, role):
    with facing(PLATFORM):
        client = browser_of(PLATFORM_HOST, PLATFORM_ROLES[role]())
    told = {name: answer_of(client.get(path)) for name, path in paths_of(PLATFORM_SITE, PLATFORM_URLS).items()}
    assert told == {name: line.expected(role) for name, line in PLATFORM_SITE.items()}


def back_office_paths() -> dict[str, str]:
    """Every screen of Wagtail and of ours in it, by its path."""
    found = {one.path: one.name for one in addresses_of(TOWN_URLS) if one.path.startswith(BACK_OFFICE)}
    assert len(found) > 150
    return found


@pytest.mark.parametrize(
    ("method", "role"),
    [
        ("get", "agent"),
        ("post", "resident"),
        # What refuses these has been seen at work above: each takes seconds.
        pytest.param("get", "resident", marks=pytest.mark.long),
        pytest.param("get", "volunteer", marks=pytest.mark.long),
        pytest.param("post", "volunteer", marks=pytest.mark.long),
        pytest.param("post", "agent", marks=pytest.mark.long),
        pytest.param("get", "coordinator", marks=pytest.mark.long),
        pytest.param("post", "coordinator", marks=pytest.mark.long),
    ],
)
def test_the_back_office_does_not_exist_for_who_has_no_right_to_it(town, role, method):
    client = browser_of(FIRST_TOWN, TOWN_ROLES[role]())
    told = {
        path: answer_of(getattr(client, method)(path))
        for path, name in back_office_paths().items()
        if name != "wagtailadmin_logout"
    }
    assert {path: answer for path, answer in told.items() if answer != ABSENT} == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_back_office_asks_strangers_to_sign_in(town, method):
    client = browser_of(FIRST_TOWN, None)
    told = {path: answer_of(getattr(client, method)(path)) for path in back_office_paths()}
    for path, name in back_office_paths().items():
        if name in WITHOUT_SIGN_IN:
            assert method == "post" or told[path] == WITHOUT_SIGN_IN[name], path
        elif name in NO_MORE:
            assert told[path] == ABSENT, path
        else:
            # What matches no screen goes by way of Wagtail's own address, which leads to ours.
            assert told[path] in {DOOR, "/gestion/login/"}, path


@pytest.mark.long
def test_the_back_office_is_open_to_who_administers(town):
    client = browser_of(FIRST_TOWN, TOWN_ROLES["administrator"]())
    told = {
        path: answer_of(client.get(path))
        for path, name in back_office_paths().items()
        if name not in NO_MORE | FAILS | {"wagtailadmin_login", "wagtailadmin_logout"}
    }
    assert {path for path, answer in told.items() if answer in {DOOR, 403, 500}} == set()
    assert told[BACK_OFFICE] == 200
    assert sum(answer == 200 for answer in told.values()) > 60
