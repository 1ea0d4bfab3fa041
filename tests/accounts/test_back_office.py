"""Colleagues, as an administrator adds them in Wagtail's screens: no password anywhere."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Account
from accounts.roles import AGENTS
from accounts.services import invite_administrator
from harness.databases import FIRST_TOWN

URLS = "config.urls_town"


@pytest.fixture
def admin(town, visit):
    client = visit(FIRST_TOWN)
    client.force_login(invite_administrator(email="mairie@exemple.example"))
    return client


def form(**typed: object) -> dict[str, object]:
    agents = Group.objects.get(name=AGENTS).pk
    return {"first_name": "Sam", "last_name": "Bacha", "email": "", "phone": "", "groups": [agents]} | typed


def add(admin, **typed: object):
    return admin.post(reverse("wagtailusers_users:add", urlconf=URLS), form(**typed))


def test_a_colleague_is_added_with_a_mobile_only(admin):
    page = admin.get(reverse("wagtailusers_users:add", urlconf=URLS)).content.decode()
    assert "mot de passe" not in page.lower()
    assert 'type="password"' not in page
    for label in ("Prénom", "Nom", "Adresse e-mail", "Téléphone mobile", "Rôles", "Agents", "Administrateurs"):
        assert label in page
    assert add(admin, phone="06 39 98 00 01").status_code == 302
    sam = Account.objects.get(phone="+33639980001")
    assert (sam.email, sam.first_name, sam.is_superuser, sam.has_usable_password()) == (None, "Sam", False, False)
    assert [group.name for group in sam.groups.all()] == [AGENTS]
    assert "Sam Bacha" in admin.get(reverse("wagtailusers_users:index", urlconf=URLS)).content.decode()
    # A second one without an address is somebody else.
    assert add(admin, phone="06 39 98 00 02").status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({}, "email", "Écrivez une adresse e-mail ou un numéro de mobile"),
        ({"email": "sam@"}, "email", "Écrivez une adresse e-mail, par exemple"),
        ({"phone": "12"}, "phone", "dix chiffres"),
        ({"phone": "03 44 72 00 00"}, "phone", "ne reçoit pas de SMS"),
        ({"email": "Mairie@exemple.example"}, "email", "existe déjà"),
        ({"phone": "0639980009"}, "phone", "existe déjà"),
        ({"phone": "0639980001", "first_name": ""}, "first_name", "Écrivez son prénom"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(admin, typed, field, told):
    Account.objects.create_account(phone="+33639980009")
    answer = add(admin, **typed)
    assert answer.status_code == 200
    assert told in " ".join(answer.context["form"].errors[field])
    assert answer.context["form"]["last_name"].value() == "Bacha"


def test_nobody_gives_rights_that_are_not_of_a_group(admin):
    add(admin, phone="0639980001", is_superuser="on", is_active="", password1="x", password2="x")
    sam = Account.objects.get(phone="+33639980001")
    assert not sam.is_superuser
    assert sam.is_active


def test_a_colleague_who_leaves_is_closed_and_nobody_closes_their_own(admin):
    add(admin, phone="0639980001", email="sam@exemple.example")
    sam = Account.objects.get(phone="+33639980001")
    edit = reverse("wagtailusers_users:edit", args=(sam.pk,), urlconf=URLS)
    assert 'value="+33639980001"' in admin.get(edit).content.decode()
    assert admin.post(edit, form(email="sam@exemple.example", phone="0639980001")).status_code == 302
    sam.refresh_from_db()
    assert not sam.is_active
    me = Account.objects.get(email="mairie@exemple.example")
    mine = reverse("wagtailusers_users:edit", args=(me.pk,), urlconf=URLS)
    assert "is_active" not in admin.get(mine).context["form"].fields


def test_an_account_has_no_password_nor_address_to_change_by_itself(admin):
    page = admin.get("/gestion/account/").content.decode()
    assert 'type="password"' not in page
    assert 'type="email"' not in page
    assert admin.get("/gestion/password_reset/").status_code == 404


def test_wagtail_s_doors_are_ours(town, visit):
    stranger = visit(FIRST_TOWN)
    assert stranger.get("/gestion/login/")["Location"] == "/connexion/?next=/gestion/"
    assert stranger.get("/gestion/login/?next=/gestion/pages/")["Location"] == "/connexion/?next=/gestion/pages/"
    assert stranger.get("/gestion/pages/")["Location"] == "/connexion/?next=/gestion/pages/"
    assert stranger.get("/_util/login/?next=/x/")["Location"] == "/connexion/?next=/x/"


def test_the_button_of_wagtail_signs_out(admin):
    assert admin.post("/gestion/logout/")["Location"] == "/"
    assert admin.get("/gestion/")["Location"] == "/connexion/?next=/gestion/"
