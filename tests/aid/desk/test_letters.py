"""A letter with a code: printed by an agent, used once, late, replaced, guessed, of another town, and never staff's."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import letters
from accounts.enums import DoorAct
from accounts.letters import StaffAccountError, use_code
from accounts.models import Account, DoorStep, PrintedCode
from accounts.roles import AGENTS
from aid.people.letters import code_for_letter
from aid.people.models import Person
from aid.people.services import leave_account
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person
from harness.loop import somebody
from tenants import pulse
from tenants.context import facing

pytestmark = pytest.mark.django_db
PATH = "/connexion/courrier/"


@pytest.fixture
def odette(town) -> Person:
    """She has neither telephone nor e-mail."""
    return make_person("Odette", "Lebrun", phone="")


def letter_of(person: Person) -> str:
    return f"/bureau/personne/{person.uid}/courrier/"


def browser(host: str = FIRST_TOWN) -> Client:
    return Client(headers={"host": host})


def test_an_agent_prints_it_and_she_comes_in_once(odette, agent, desk):
    assert letter_of(odette) in desk.get(f"/bureau/personne/{odette.uid}/").content.decode()
    assert desk.get(letter_of(odette)).status_code == desk.head(letter_of(odette)).status_code == 200
    assert not PrintedCode.objects.exists()
    printed = desk.post(letter_of(odette))
    assert printed["Content-Type"] == "application/pdf"
    assert "no-store" in printed["Cache-Control"]
    assert printed.content.startswith(b"%PDF")
    assert "Lebrun" not in printed["Content-Disposition"]
    step = DoorStep.objects.get(act=DoorAct.LETTER_PRINTED)
    odette.refresh_from_db()
    assert (step.by_account, step.account) == (agent, odette.account)
    assert (odette.account.email, odette.account.phone) == (None, None)

    code = code_for_letter(odette, by_account=agent)
    hers = browser()
    # Looking, and looking ahead, use nothing up.
    assert hers.head(PATH).status_code == hers.get(PATH, {"code": code}).status_code == 200
    assert hers.get("/mon-espace/").status_code == 302
    assert hers.post(PATH, {"code": f" {code.lower().replace('-', ' ')} "})["Location"] == "/mon-espace/"
    assert "Bonjour Odette" in hers.get("/mon-espace/").content.decode()
    assert hers.cookies["sessionid"]["max-age"] == ""
    again = browser().post(PATH, {"code": code})
    assert "n’ouvre rien" in again.content.decode()
    assert again.context["form"]["code"].value() == code


def test_it_may_be_remembered_on_her_own_device(odette, agent):
    hers = browser()
    hers.post(PATH, {"code": code_for_letter(odette, by_account=agent), "remember": "on"})
    assert hers.cookies["sessionid"]["max-age"] > 59 * 24 * 3600


def test_what_is_kept_tells_no_code(odette, agent):
    code = code_for_letter(odette, by_account=agent)
    assert re.fullmatch(rf"([{letters.ALPHABET}]{{4}}-){{2}}[{letters.ALPHABET}]{{4}}", code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_printedcode t")
        ((kept,),) = cursor.fetchall()
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_the_last_one_printed_is_the_only_one(odette, agent):
    former, last = (code_for_letter(odette, by_account=agent) for _ in range(2))
    assert use_code(former) is None
    odette.refresh_from_db()
    assert use_code(last) == odette.account


def test_after_thirty_days_it_opens_nothing(odette, agent):
    code = code_for_letter(odette, by_account=agent)
    PrintedCode.objects.update(made_at=timezone.now() - timedelta(days=31), ends_at=timezone.now())
    assert "n’ouvre rien" in browser().post(PATH, {"code": code}).content.decode()


def test_a_code_of_one_town_opens_nothing_in_another(odette, other_town, agent):
    code = code_for_letter(odette, by_account=agent)
    there = browser(SECOND_TOWN)
    assert "n’ouvre rien" in there.post(PATH, {"code": code}).content.decode()
    with facing(other_town):
        assert not PrintedCode.objects.exists()
    assert browser("localhost").get(PATH).status_code == 404
    assert use_code(code) is not None


def test_two_who_share_an_account_have_each_their_own_and_who_leaves_takes_none_away(town, agent):
    account = Account.objects.create_account(email="couple@exemple.example")
    odette, max_ = (somebody(name, email="couple@exemple.example", account=account) for name in ("Odette", "Max"))
    hers, his = (code_for_letter(one, by_account=agent) for one in (odette, max_))
    leave_account(max_)
    assert use_code(his) is None
    assert use_code(hers) == account


def test_staff_never_come_in_by_a_letter(town, agent, desk):
    colleague = make_account("sam@ccas.example", AGENTS)
    sam = make_person("Sam", account=colleague)
    with pytest.raises(StaffAccountError):
        code_for_letter(sam, by_account=agent)
    assert desk.get(letter_of(sam)).status_code == desk.post(letter_of(sam)).status_code == 404
    assert letter_of(sam) not in desk.get(f"/bureau/personne/{sam.uid}/").content.decode()
    # Nor who became one since.
    jeanne = make_person()
    code = code_for_letter(jeanne, by_account=agent)
    jeanne.refresh_from_db()
    jeanne.account.groups.add(Group.objects.get(name=AGENTS))
    assert "n’ouvre rien" in browser().post(PATH, {"code": code}).content.decode()


def test_a_closed_account_is_not_opened(odette, agent):
    code = code_for_letter(odette, by_account=agent)
    Account.objects.filter(persons=odette).update(is_active=False)
    assert "n’ouvre rien" in browser().post(PATH, {"code": code}).content.decode()


@pytest.mark.parametrize("typed", ["", "x", "AAAA-AAAA-AAAA", "😀" * 5, "x" * 41, "'; --"])
def test_what_is_no_code_is_told_beside_its_field(town, typed):
    answer = browser().post(PATH, {"code": typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]


def test_one_place_tries_twenty_an_hour_even_after_the_pulse_changed(odette, agent):
    code = code_for_letter(odette, by_account=agent)
    for _ in range(20):
        assert "n’ouvre rien" in browser().post(PATH, {"code": "AAAA-AAAA-AAAA"}).content.decode()
    pulse.forget(connection.schema_name)
    assert "Beaucoup de codes" in browser().post(PATH, {"code": code}).content.decode()
    elsewhere = browser()
    elsewhere.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert elsewhere.post(PATH, {"code": code})["Location"] == "/mon-espace/"


def test_residents_print_none(odette):
    resident = browser()
    resident.force_login(make_account("jeanne@jeanne.example"))
    assert resident.post(letter_of(odette)).status_code == 404
    assert browser().post(letter_of(odette))["Location"].startswith("/connexion/")
    assert not PrintedCode.objects.exists()
