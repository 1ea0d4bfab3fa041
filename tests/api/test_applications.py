"""Tokens: made by an administrator, shown once, for a time and for some things; and what each opens."""

import datetime
import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import Account
from accounts.roles import roles_of
from accounts.scopes import Scope
from accounts.services import invite_administrator
from aid.partners import keeping
from aid.privacy.retained import old_accounts
from api.models import Application
from api.services import let_in, revoke
from harness.applications import API, an_application, caller, who_decides
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.partners import a_contact
from tenants.context import facing

URLS = "config.urls_town"
IN_A_MONTH = timezone.localdate() + datetime.timedelta(days=30)


@pytest.fixture
def admin(town, visit):
    client = visit(FIRST_TOWN)
    client.force_login(invite_administrator(email="mairie@exemple.example"))
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"applications:{name}", urlconf=URLS, args=args)


def filled(**typed: object) -> dict[str, object]:
    return {
        "name": "Site de la mairie",
        "scopes": ["requests:write"],
        "contact": "",
        "ends_on": IN_A_MONTH.isoformat(),
    } | typed


# --- In the back-office


def test_a_token_is_shown_once_and_only_its_hash_is_kept(admin):
    shown = admin.post(address("add"), filled())
    token = shown.context["token"]
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert f'value="{token}"' in shown.content.decode()
    made = Application.objects.get()
    assert (made.name, made.scopes, made.prefix) == ("Site de la mairie", ["requests:write"], token[:12])
    assert made.digest == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) > 45
    for page in (address("index"), address("inspect", made.pk)):
        seen = admin.get(page).content.decode()
        assert "Site de la mairie" in seen
        assert token[:12] in seen
        assert token not in seen
        assert made.digest not in seen
    assert caller(token).get(f"{API}moi/").status_code == 200


def test_what_was_decided_is_in_the_journal_of_the_site(admin):
    admin.post(address("add"), filled())
    made = Application.objects.get()
    assert admin.post(address("delete", made.pk)).status_code == 302
    by = Account.objects.get(email="mairie@exemple.example")
    lines = ModelLogEntry.objects.filter(object_id=str(made.pk), content_type__model="application").order_by("pk")
    assert list(lines.values_list("action", "user")) == [("wagtail.create", by.pk), ("api.revoke", by.pk)]
    assert "Logiciel arrêté" in admin.get(reverse("wagtailadmin_reports:site_history", urlconf=URLS)).content.decode()


def test_an_application_is_stopped_and_its_row_stays(admin):
    token = admin.post(address("add"), filled()).context["token"]
    made = Application.objects.get()
    assert "n’entrera plus" in admin.get(address("delete", made.pk)).content.decode()
    assert caller(token).get(f"{API}moi/").status_code == 200
    admin.post(address("delete", made.pk))
    assert caller(token).get(f"{API}moi/").status_code == 401
    assert Application.objects.get().revoked_at is not None
    assert "arrêté" in admin.get(address("index")).content.decode()
    first = Application.objects.get().revoked_at
    assert revoke(made, by_account=who_decides()).revoked_at == first


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, "Donnez un nom."),
        ({"scopes": []}, "Choisissez au moins un droit."),
        ({"scopes": ["flags:write"]}, "au nom de quel partenaire"),
        ({"ends_on": "2020-01-01"}, "dans un an au plus tard"),
        ({"ends_on": (timezone.localdate() + datetime.timedelta(days=400)).isoformat()}, "dans un an au plus tard"),
        ({"ends_on": "demain"}, "Écrivez une date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(admin, typed, told):
    answer = admin.post(address("add"), filled(**typed))
    assert told in answer.content.decode()
    assert not Application.objects.exists()
    assert not Account.objects.filter(first_name="Logiciel").exists()


def test_it_is_never_changed(admin):
    admin.post(address("add"), filled())
    made = Application.objects.get()
    assert admin.post(address("edit", made.pk), filled(scopes=["requests:read"])).status_code == 302
    assert Application.objects.get().scopes == ["requests:write"]


def test_its_account_is_nobodys(admin):
    """It signs nobody in, has no role, and is in no list of colleagues."""
    admin.post(address("add"), filled())
    account = Application.objects.get().account
    assert (account.email, account.phone, account.has_usable_password(), roles_of(account)) == (
        None,
        None,
        False,
        set(),
    )
    listed = admin.get(reverse("wagtailusers_users:index", urlconf=URLS)).content.decode()
    assert "Logiciel" not in listed.partition("<main")[2]
    assert admin.get(reverse("wagtailusers_users:edit", urlconf=URLS, args=[account.pk])).status_code == 404


def test_its_account_stays_though_nobody_enters_by_it(town):
    """A door of nobody is taken away at night; this one is no door."""
    made, _ = an_application()
    nobody = Account.objects.create_account(email="personne@exemple.example")
    later = timezone.now() + datetime.timedelta(days=900)
    assert set(old_accounts(later)) & {made.account, nobody} == {nobody}


def test_a_contact_that_closed_is_given_no_software(town):
    contact = keeping.close_contact(a_contact())
    with pytest.raises(ValidationError):
        let_in(name="x", scopes=[Scope.FLAGS_READ], ends_on=IN_A_MONTH, contact=contact, by_account=who_decides())


# --- What a token opens


def test_a_token_says_whose_it_is_and_nothing_more(town):
    made, token = an_application(Scope.REQUESTS_WRITE)
    told = caller(token).get(f"{API}moi/").json()
    assert told["application"]["name"] == made.name
    assert told["application"]["scopes"] == ["requests:write"]
    assert told["roles"] == []
    assert not any(told["abilities"].values())


def test_every_wrong_token_gets_the_same_answer(town, other_town):
    stopped, of_stopped = an_application(name="Arrêté")
    revoke(stopped, by_account=who_decides())
    ended, of_ended = an_application(name="Expiré")
    day = datetime.timedelta(days=1)
    now = timezone.now()
    Application.objects.filter(pk=ended.pk).update(created_at=now - 2 * day, ends_at=now - day)
    closed, of_closed = an_application(name="Fermé")
    Account.objects.filter(pk=closed.account_id).update(is_active=False)
    with facing(other_town):
        _, foreign = an_application(name="Ailleurs")
        assert caller(foreign, host=SECOND_TOWN).get(f"{API}moi/").status_code == 200
    told = set()
    for token in (of_stopped, of_ended, of_closed, foreign, "palier_nimporte", "é", "a b", "x" * 10_000):
        for path in ("moi/", "demandes/", "aides/"):
            answer = caller(token).get(API + path)
            assert answer["WWW-Authenticate"] == "Bearer"
            told.add((answer.status_code, answer.content))
    assert len(told) == 1
    assert told.pop()[0] == 401


def test_it_opens_until_the_end_of_its_last_day(town):
    made, _ = an_application(days=0)
    assert timezone.localtime(made.ends_at).date() == timezone.localdate()
    assert made.is_running


def test_its_last_use_is_kept_to_the_hour(town):
    _made, token = an_application()
    caller(token).get(f"{API}moi/")
    first = Application.objects.get().last_used_at
    assert first is not None
    caller(token).get(f"{API}moi/")
    assert Application.objects.get().last_used_at == first
    Application.objects.update(last_used_at=first - datetime.timedelta(hours=2))
    caller(token).get(f"{API}moi/")
    assert Application.objects.get().last_used_at >= first


def test_a_missing_scope_is_said_in_french(town):
    _, token = an_application(Scope.REQUESTS_READ)
    answer = caller(token).post(f"{API}demandes/", {}, content_type="application/json")
    assert answer.status_code == 403
    assert "n’a pas le droit de déposer" in answer.json()["detail"]


def test_an_application_is_told_apart_from_a_person(town):
    _, token = an_application(*Scope)
    answer = caller(token).get(f"{API}moi/demandes/")
    assert (answer.status_code, "une personne connectée" in answer.json()["detail"]) == (403, True)
