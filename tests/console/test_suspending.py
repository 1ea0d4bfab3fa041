"""Suspending a town: two operators, never a debt; its site keeps the telephone; one operator resumes."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from billing.enums import ContractState
from billing.models import Contract
from console import suspending
from console.enums import SuspensionReason
from console.models import ConsoleAct, Suspension
from core.models import AppendOnlyError
from harness.billing import signed
from harness.console import CLARA, PAUL, SYLVIE, WHY, biller_s, operator, operator_s, row_of
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from harness.walls import assert_refused
from tenants.context import PLATFORM, facing
from tenants.models import Town
from tenants.registry import registry

pytestmark = pytest.mark.django_db
ASKED = {"geste": "demander", "reason": "security", "words": WHY}


@pytest.fixture
def row(db):
    with facing(PLATFORM):
        yield row_of(entry_of(FIRST_TOWN))


@pytest.fixture
def url(row) -> str:
    return f"/console/ville/{row.schema_name}/suspension/"


def asked_by_sylvie(row: Town) -> Suspension:
    return suspending.ask(row, reason=SuspensionReason.SECURITY, words=WHY, by=operator())


def test_two_operators_suspend_and_one_resumes(row, url):
    sylvie, paul = operator_s(), operator_s(PAUL)
    assert sylvie.post(url, ASKED).status_code == 302
    row.refresh_from_db()
    assert row.state == "open", "nothing changes until somebody else confirms"
    page = sylvie.get(url).content.decode()
    assert "Une autre personne que vous doit confirmer" in page
    assert "confirmer</button" not in page
    assert "Une autre personne que vous" in sylvie.post(url, {"geste": "confirmer"}).content.decode()
    assert "suspension à confirmer" in paul.get("/console/").content.decode()
    assert WHY in paul.get(url).content.decode()
    assert paul.post(url, {"geste": "confirmer"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "suspended"
    # The pulse beats at the commit, which this test has none of.
    registry.clear()
    town = Client(headers={"host": FIRST_TOWN})
    for path in ("/", "/demander/", "/gestion/", "/bureau/"):
        quiet = town.get(path)
        assert quiet.status_code == 503
        assert 'href="tel:+33344720000"' in quiet.content.decode()
        assert "intrusion" not in quiet.content.decode()
    assert "Expliquez pourquoi" in paul.post(url, {"geste": "rouvrir", "fin-words": "Oui"}).content.decode()
    assert sylvie.post(url, {"geste": "rouvrir", "fin-words": "La vérification est finie."}).status_code == 302
    registry.clear()
    assert town.get("/").status_code == 200
    story = sylvie.get(f"/console/ville/{row.schema_name}/").content.decode()
    for words in (
        "Suspension demandée",
        "Ville suspendue",
        "Ville rouverte",
        "La vérification est finie.",
        SYLVIE,
        PAUL,
    ):
        assert words in story
    assert list(ConsoleAct.objects.filter(town=row).values_list("kind", flat=True)) == [
        "suspension_asked",
        "suspended",
        "resumed",
    ]


def test_a_suspension_is_given_up_with_words(row, url):
    sylvie, paul = operator_s(), operator_s(PAUL)
    sylvie.post(url, ASKED)
    dropped = {"geste": "abandonner", "fin-words": "C’était une fausse alerte."}
    assert paul.post(url, dropped).status_code == 302
    for twice in (dropped, {"geste": "confirmer"}):
        assert "Rien n’attend de réponse" in paul.post(url, twice, follow=True).content.decode()
    row.refresh_from_db()
    assert row.state == "open"
    assert sylvie.post(url, ASKED).status_code == 302, "it may be asked again"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": ""}, "Choisissez une réponse."),
        ({"reason": "debt"}, "Choisissez une réponse."),
        ({"words": ""}, "Expliquez pourquoi, en une phrase."),
        ({"words": "Parce que"}, "Expliquez pourquoi, en une phrase."),
        ({"words": "x" * 501}, "500 signes au plus"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_asked(row, url, typed, told):
    answer = operator_s().post(url, ASKED | typed)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not Suspension.objects.exists()


def test_a_debt_is_no_reason():
    assert set(SuspensionReason.values) == {"security", "town"}


def test_a_town_has_one_open_suspension(row):
    asked_by_sylvie(row)
    with pytest.raises(suspending.NotAllowedError, match="déjà demandée"):
        suspending.ask(row, reason="town", words=WHY, by=operator(PAUL))


def test_who_bills_suspends_nothing_by_any_way(row):
    client = biller_s()
    assert client.post(f"/console/ville/{row.schema_name}/suspension/", ASKED).status_code == 404
    biller = Account.objects.get(email=CLARA)
    with pytest.raises(suspending.NotAllowedError, match="exploitation"):
        suspending.ask(row, reason="town", words=WHY, by=biller)
    waiting = asked_by_sylvie(row)
    with pytest.raises(suspending.NotAllowedError, match="exploitation"):
        suspending.confirm(waiting, by=biller)


def test_the_database_asks_for_two_as_well(row):
    waiting = asked_by_sylvie(row)
    alone = {"state": "in_force", "confirmed_by": waiting.asked_by, "confirmed_at": timezone.now()}
    with pytest.raises(IntegrityError, match="suspension_is_decided_by_two"), transaction.atomic():
        Suspension.objects.filter(pk=waiting.pk).update(**alone)
    with pytest.raises(IntegrityError, match="suspension_in_force_was_confirmed"), transaction.atomic():
        Suspension.objects.filter(pk=waiting.pk).update(state="in_force")
    with pytest.raises(IntegrityError, match="suspension_has_a_reason"), transaction.atomic():
        Suspension.objects.filter(pk=waiting.pk).update(reason="debt")
    with pytest.raises(ValidationError) as refusal:
        Suspension(town=row, reason="town", words="", asked_by=operator()).full_clean()
    assert "words" in refusal.value.message_dict


def test_the_journal_is_only_added_to(row):
    asked_by_sylvie(row)
    act = ConsoleAct.objects.get()
    with pytest.raises(AppendOnlyError):
        act.save()
    for statement in ("UPDATE console_consoleact SET words = ''", "DELETE FROM console_consoleact"):
        assert_refused(statement)


def test_the_command_asks_for_two_as_well(row, capsys):
    operator(), operator(PAUL)
    told = {"reason": "security", "words": WHY, "by": SYLVIE}
    for second in (SYLVIE, "", "inconnue@palier.example"):
        with pytest.raises(CommandError):
            call_command("suspend_town", "pont-sainte-maxence", confirmed_by=second, **told)
    row.refresh_from_db()
    assert (row.state, Suspension.objects.count()) == ("open", 0)
    call_command("suspend_town", "pont-sainte-maxence", confirmed_by=PAUL, **told)
    assert "suspendue" in capsys.readouterr().out
    call_command("suspend_town", "pont-sainte-maxence", end=True, by=PAUL, words="La vérification est finie.")
    assert "ouverte" in capsys.readouterr().out


# --- Town.state and the state of a contract are two machines

# Who may change a town's state: no other file of the product takes these from where they are.
CHANGES_A_TOWN = {"console/suspending.py", "tenants/lifecycle.py"}
MACHINE = {
    ("tenants.lifecycle", "change_state"),
    ("tenants.enums", "TOWN_TRANSITIONS"),
    ("tenants", "lifecycle"),
    ("", "tenants.lifecycle"),
}


def product() -> dict[str, ast.Module]:
    root = Path(settings.ROOT)
    rooms = [*(root / "platform").iterdir(), root / "billing", root / "cms", root / "tenants"]
    paths = [path for room in rooms if room.is_dir() for path in room.rglob("*.py")]
    return {str(path.relative_to(root)).removeprefix("platform/"): ast.parse(path.read_text()) for path in paths}


def names_in(tree: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return found | {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}


def taken_by(tree: ast.AST) -> set[tuple[str, str]]:
    """What a file imports, by the module that it is taken from."""
    taken = {("", one.name) for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    from_there = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return taken | {(node.module or "", one.name) for node in from_there for one in node.names}


def test_no_code_leads_from_a_contract_to_the_state_of_a_town():
    sources = product()
    assert {path for path, tree in sources.items() if taken_by(tree) & MACHINE} == CHANGES_A_TOWN
    for path, tree in sources.items():
        if path.startswith("billing/"):
            assert not names_in(tree) & {"TownState", "Suspension", "suspending", "lifecycle"}, path
    for path in CHANGES_A_TOWN:
        modules = {node.module or "" for node in ast.walk(sources[path]) if isinstance(node, ast.ImportFrom)}
        assert not [module for module in modules if module.startswith("billing")], path


@pytest.mark.parametrize("state", ContractState.values)
def test_no_state_of_a_contract_changes_what_a_town_answers(row, state):
    contract = signed(entry_of(FIRST_TOWN), "60509")
    client = Client(headers={"host": FIRST_TOWN})
    before = client.get("/").status_code
    Contract.objects.filter(pk=contract.pk).update(state=state)
    assert (client.get("/").status_code, before) == (200, 200)
    row.refresh_from_db()
    assert row.state == "open"
