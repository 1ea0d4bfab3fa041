"""The console: ask to enter a town, get the one link, end it."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.services import invite_operator
from aid.notifications.models import Message
from aid.support.models import SupportAccess
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.support import REASON
from tenants.context import PLATFORM, facing, town_context
from tenants.models import Town

pytestmark = pytest.mark.django_db
ASKED = {"geste": "ouvrir", "reason": REASON, "minutes": "60", "acts": "lire"}


def operator_s(email: str = "sylvie@palier.example") -> Client:
    client = Client(headers={"host": "localhost"})
    with facing(PLATFORM):
        client.force_login(invite_operator(email=email), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def url(town) -> str:
    return f"/console/ville/{town.schema_name}/assistance/"


def test_an_operator_enters_a_town_by_its_one_link(town, url):
    make_account("maire@ccas.example", "Administrateurs")
    console = operator_s()
    assert url in console.get("/console/").content.decode()
    assert console.post(url, ASKED)["Location"] == url
    with town_context(town):
        access = SupportAccess.objects.get()
        assert (access.operator_name, access.reason, access.acts) == ("sylvie@palier.example", REASON, False)
        assert 59 <= (access.ends_at - timezone.now()).total_seconds() / 60 <= 60
        assert Message.objects.filter(kind="support", recipient="maire@ccas.example").count() == 1
        assert not Account.objects.filter(email="sylvie@palier.example").exists()
    page = console.get(url).content.decode()
    assert REASON in page
    answer = console.post(url, {"geste": "entrer", "assistance": access.uid}).content.decode()
    link = re.search(rf'href="https://{FIRST_TOWN}(/assistance/[^"]+)"', answer)[1]
    browser = Client(headers={"host": FIRST_TOWN})
    assert browser.post(link)["Location"] == "/bureau/"
    assert "Assistance de Palier" in browser.get("/bureau/").content.decode()
    assert console.post(url, {"geste": "terminer", "assistance": access.uid}).status_code == 302
    assert browser.get("/bureau/").status_code == 302
    assert "terminée le" in console.get(url).content.decode()
    over = console.post(url, {"geste": "entrer", "assistance": access.uid}).content.decode()
    assert "/assistance/" not in over.replace(url, "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": ""}, "Écrivez pourquoi, en une phrase."),
        ({"reason": "Test"}, "ces mots sont trop courts"),
        ({"reason": "a" + " " * 40 + "b"}, "Dites en une phrase pourquoi."),
        ({"reason": "x" * 301}, "300 signes au plus"),
        ({"minutes": "600"}, "Choisissez une réponse."),
        ({"acts": "tout"}, "Choisissez une réponse."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_opens(town, url, typed, told):
    answer = operator_s().post(url, ASKED | typed)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    with town_context(town):
        assert not SupportAccess.objects.exists()
        assert not Account.objects.filter(first_name="L’assistance").exists()


def test_nobody_enters_by_another_s_access(town, url):
    console = operator_s()
    console.post(url, ASKED)
    with town_context(town):
        access = SupportAccess.objects.get()
    another = operator_s("paul@palier.example")
    assert another.post(url, {"geste": "entrer", "assistance": access.uid}).status_code == 404
    assert "Obtenir un lien" not in another.get(url).content.decode()
    for wrong in ("", "rien", town.schema_name, "00000000-0000-0000-0000-000000000001"):
        for gesture in ("entrer", "terminer"):
            assert console.post(url, {"geste": gesture, "assistance": wrong}).status_code == 404
    # Who is on call ends what a colleague left open.
    assert another.post(url, {"geste": "terminer", "assistance": access.uid}).status_code == 302


def test_a_town_that_does_not_answer_is_not_entered(town, url):
    console = operator_s()
    assert console.get("/console/ville/t_nulle_part/assistance/").status_code == 404
    assert console.get("/console/ville/public/assistance/").status_code == 404
    with facing(PLATFORM):
        Town.objects.filter(schema_name=town.schema_name).update(state="suspended")
    assert console.get(url).status_code == 404
    assert url not in console.get("/console/").content.decode()
