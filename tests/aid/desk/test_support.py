"""Operators' support: timed, reasoned, written down, seen and ended by the town; nothing of it stands by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from aid.desk.subjects import WORRY
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.people.models import Person
from aid.privacy.enums import Act
from aid.privacy.models import Access
from aid.support.ending import end
from aid.support.jobs import end_at_its_hour
from aid.support.models import SupportAccess
from aid.support.services import enter, new_link
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account
from harness.support import REASON, a_link, an_access, an_operator
from harness.worries import a_worry
from tenants.context import platform_context, town_context

pytestmark = pytest.mark.django_db


def browser(host: str = FIRST_TOWN) -> Client:
    return Client(headers={"host": host})


@pytest.fixture
def administrator(town):
    return make_account("maire@ccas.example", "Administrateurs", first_name="Nora", last_name="Weil")


@pytest.fixture
def mayor(administrator) -> Client:
    client = browser()
    client.force_login(administrator, "django.contrib.auth.backends.ModelBackend")
    return client


def support_by(access: SupportAccess) -> Client:
    """The operator's browser, once in."""
    client = browser()
    link = a_link(access)
    assert "Entrer pour aider" in client.get(link).content.decode()
    assert client.post(link)["Location"] == "/bureau/"
    return client


def let_it_run_out(access: SupportAccess) -> None:
    """Its hour has come."""
    begun = timezone.now() - timedelta(hours=2)
    SupportAccess.objects.filter(pk=access.pk).update(begins_at=begun, ends_at=begun + timedelta(minutes=30))


def test_support_sees_a_town_with_its_reason_on_every_screen(town, jeanne):
    access = an_access()
    client = support_by(access)
    hour = timezone.localtime(access.ends_at)
    for url in ("/bureau/", f"/bureau/personne/{jeanne.uid}/", "/bureau/assistance/", "/gestion/", "/gestion/pages/"):
        page = client.get(url, follow=True).content.decode()
        assert f"Assistance de Palier, jusqu’à {hour:%-H}\u00a0h\u00a0{hour:%M}, en lecture seule" in page, url
        assert REASON in page, url
        assert f"/bureau/assistance/{access.uid}/terminer/" in page, url
    others = browser()
    others.force_login(make_account("nadia@ccas.example", "Agents"), "django.contrib.auth.backends.ModelBackend")
    assert "Assistance de Palier" not in others.get("/bureau/").content.decode()


@pytest.mark.parametrize("acts", [False, True])
def test_what_is_said_of_somebody_in_confidence_is_neither_opened_nor_closed_by_support(mayor, jeanne, acts):
    worry = a_worry(jeanne)
    followup = FollowUp.objects.get(subject_kind=WORRY, subject_id=worry.pk)
    url, page = reverse("desk:followup", args=(followup.uid,)), reverse("desk:worry", args=(worry.uid,))
    assert mayor.get(url)["Location"] == page
    client = support_by(an_access(acts=acts))
    assert client.get(page).status_code == 404
    shown = client.get(url)
    assert (shown.status_code, page in shown.content.decode()) == (200, False)
    assert client.post(url, {"outcome": "Rien."}).status_code in {403, 404}
    assert FollowUp.objects.open().filter(pk=followup.pk).exists()


def test_an_operator_has_no_standing_power(town):
    operator = an_operator()
    access = an_access(operator)
    client = browser()
    # Without the link, nobody; and the operator's own account is of another schema.
    assert client.get("/bureau/")["Location"].startswith("/connexion/")
    assert not Account.objects.filter(email=operator.email).exists()
    account = access.account
    assert (account.email, account.phone, account.has_usable_password()) == (None, None, False)
    end(access)
    account.refresh_from_db()
    assert not account.is_active
    assert not account.groups.exists()


def test_a_link_serves_once(town):
    access = an_access()
    first = a_link(access)
    second = a_link(access)
    client = browser()
    assert client.get(first).status_code == 404, "a new link shuts the one before"
    assert client.get(second).status_code == 200
    assert client.get(second).status_code == 200, "to look at it is not to use it"
    assert client.post(second).status_code == 302
    for again in (client, browser()):
        assert again.get(second).status_code == 404
        assert again.post(second).status_code == 404
    token = new_link(access)
    assert enter(token) == access
    assert enter(token) is None
    assert support_by(access).get("/bureau/").status_code == 200, "the same access may be entered again, by another"


def test_a_link_lives_five_minutes(town):
    access = an_access()
    link = a_link(access)
    SupportAccess.objects.filter(pk=access.pk).update(link_ends_at=timezone.now() - timedelta(seconds=1))
    assert browser().get(link).status_code == 404
    assert browser().post(link).status_code == 404


@pytest.mark.parametrize(
    "token", ["", "0-aaaaaaaaaaaaaaaa", "1-aaaaaaaaaaaaaaaa", "99999999999999999999-a", "é-x", "1"]
)
def test_a_link_that_was_never_made_opens_nothing(town, token):
    an_access()
    assert browser().get(f"/assistance/{token}/").status_code == 404


def test_a_link_of_a_town_opens_no_other(town, other_town):
    access = an_access()
    link = a_link(access)
    with town_context(other_town):
        # One of the same number, that waits for its own link.
        other = an_access()
        SupportAccess.objects.filter(id=other.pk).update(id=access.pk)
        new_link(SupportAccess.objects.get(pk=access.pk))
    assert browser(SECOND_TOWN).get(link).status_code == 404
    assert browser(SECOND_TOWN).post(link).status_code == 404
    client = support_by(access)
    elsewhere = browser(SECOND_TOWN)
    elsewhere.cookies = client.cookies
    assert elsewhere.get("/bureau/").status_code == 302


def test_it_ends_by_itself_at_its_hour_without_any_job(town, jeanne):
    access = an_access()
    client = support_by(access)
    let_it_run_out(access)
    answer = client.get(f"/bureau/personne/{jeanne.uid}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/")
    assert client.get("/gestion/")["Location"].startswith("/connexion/")
    assert not Access.objects.exists()
    with pytest.raises(ValidationError):
        new_link(access)
    end_at_its_hour(access=access.pk)
    access.refresh_from_db()
    assert access.ended_at is None, "its hour ended it, nobody did"
    assert not Account.objects.get(pk=access.account_id).is_active
    end_at_its_hour(access=0)


def test_the_town_ends_it_at_once(mayor, administrator):
    access = an_access()
    client = support_by(access)
    assert mayor.post(f"/bureau/assistance/{access.uid}/terminer/")["Location"] == "/bureau/assistance/"
    assert client.get("/bureau/").status_code == 302
    access.refresh_from_db()
    assert access.ended_by == administrator
    assert "par Nora Weil" in mayor.get("/bureau/assistance/").content.decode()
    ended_at = access.ended_at
    mayor.post(f"/bureau/assistance/{access.uid}/terminer/")
    access.refresh_from_db()
    assert access.ended_at == ended_at, "ended once"


def test_support_ends_itself_even_where_it_only_looks(town):
    access = an_access()
    client = support_by(access)
    assert client.post(f"/bureau/assistance/{access.uid}/terminer/")["Location"] == "/"
    assert client.get("/bureau/").status_code == 302
    access.refresh_from_db()
    assert access.ended_at is not None
    assert access.ended_by is None


def test_who_is_no_operator_any_more_is_out_at_the_next_request(town):
    operator = an_operator()
    access = an_access(operator)
    waiting = an_access(operator)
    link = a_link(waiting)
    client = support_by(access)
    assert client.get("/bureau/").status_code == 200
    with platform_context():
        Account.objects.filter(pk=operator.pk).update(is_active=False)
    assert client.get("/bureau/").status_code == 302
    assert browser().get(link).status_code == 404
    with platform_context():
        Account.objects.filter(pk=operator.pk).update(is_active=True, is_superuser=False)
    assert client.get("/bureau/").status_code == 302


def test_what_is_read_is_written_down_with_the_reason(mayor, jeanne):
    access = an_access()
    client = support_by(access)
    client.get(f"/bureau/personne/{jeanne.uid}/")
    line = Access.objects.get()
    assert (line.act, line.by_account, str(line.by_account)) == (Act.READ, access.account, "L’assistance de Palier")
    page = mayor.get(f"/bureau/personne/{jeanne.uid}/acces/").content.decode()
    assert f"L’assistance de Palier\u00a0: {REASON}" in page
    shown = mayor.get(f"/bureau/assistance/{access.uid}/").content.decode()
    assert "sylvie@palier.example" in shown
    assert "a lu la fiche" in shown
    assert f"/bureau/personne/{jeanne.uid}/" in shown


def test_who_only_looks_changes_nothing_anywhere(town, jeanne, asked):
    client = support_by(an_access())
    card = client.get(f"/bureau/personne/{jeanne.uid}/").content.decode()
    for button in ("Modifier la fiche", "Noter une demande", "Noter comme bénévole", "Nouvelle demande"):
        assert button not in card
    assert "Qui a vu cette fiche" in card
    assert client.get(f"/bureau/personne/{jeanne.uid}/modifier/").status_code == 404
    assert client.get("/bureau/personnes/exporter/").status_code == 404
    for url, typed in (
        (f"/bureau/personne/{jeanne.uid}/modifier/", {"first_name": "Autre", "channel": "call"}),
        (f"/bureau/demande/{asked.uid}/note/", {"words": "Bonjour"}),
        ("/bureau/personnes/importer/", {}),
        ("/gestion/users/new/", {"first_name": "Moi"}),
        ("/gestion/images/multiple/add/", {}),
        ("/demander/", {"kind": asked.kind.slug}),
    ):
        refused = client.post(url, typed)
        assert refused.status_code == 403, url
        assert "Rien n’a changé." in refused.content.decode(), url
    # To look for somebody is sent by POST, and changes nothing.
    assert "Jeanne" in client.post("/bureau/personnes/chercher/", {"texte": "jeanne"}).content.decode()
    assert client.post("/bureau/personnes/", {"texte": "jeanne"}).status_code == 200
    assert client.post("/deconnexion/").status_code == 302
    assert client.get("/bureau/").status_code == 302


def test_who_acts_changes_things_in_their_name_and_gives_no_right(town, jeanne, asked):
    access = an_access(acts=True)
    client = support_by(access)
    typed = {"first_name": "Jeanne", "last_name": "Roy", "phone": "01 99 00 12 34", "channel": "call"}
    assert client.post(f"/bureau/personne/{jeanne.uid}/modifier/", typed).status_code == 302
    assert Person.objects.get(pk=jeanne.pk).last_name == "Roy"
    assert str(Access.objects.filter(act=Act.CHANGED).get().by_account) == "L’assistance de Palier"
    # What was confided to the town stays there, and no list of everybody leaves with support.
    card = client.get(f"/bureau/personne/{jeanne.uid}/").content.decode()
    assert "Noter une demande" in card
    assert "Notes confidentielles" not in card
    for path in (f"personne/{jeanne.uid}/notes/", f"personne/{jeanne.uid}/informations/", "personnes/exporter/"):
        assert client.get(f"/bureau/{path}").status_code == 404, path
    before = Account.objects.count()
    rights = ("/gestion/users/new/", "/gestion/groups/new/", "/gestion/account/", "/bureau/coordinateurs/")
    for url in (*rights, "/securite/activer/", f"/securite/collegue/{access.account.uid}/"):
        refused = client.post(url, {"first_name": "Moi", "email": "moi@palier.example"})
        assert refused.status_code == 403, url
        assert "ne donne aucun droit" in refused.content.decode()
    assert Account.objects.count() == before


def test_the_administrators_are_told_when_it_begins(administrator):
    make_account(None, "Administrateurs", first_name="Ida")
    by_phone = Account.objects.create_account(phone="+33639980077")
    by_phone.groups.set(administrator.groups.all())
    access = an_access()
    an_access()
    told = Message.objects.filter(kind="support")
    # Its first administrator was there before.
    known = {(administrator.email, "email"), (by_phone.phone, "sms")}
    assert known <= {(one.recipient, one.channel) for one in told}
    assert told.filter(recipient=administrator.email).count() == 2
    letter = told.get(recipient=administrator.email, key__startswith=f"support:{access.pk}:")
    assert letter.subject == "L’assistance de Palier entre sur votre site"
    for words in ("sylvie@palier.example", REASON, "sans rien modifier", "/bureau/assistance/"):
        assert words in letter.body


@pytest.mark.parametrize(
    "asked", [{"reason": "Test"}, {"reason": "a" + " " * 30 + "b"}, {"minutes": 14}, {"minutes": 241}, {"minutes": -5}]
)
def test_an_access_has_a_reason_and_an_end(town, asked):
    with pytest.raises(ValidationError):
        an_access(**asked)
    assert not SupportAccess.objects.exists()
    access = an_access()
    for wrong in ({"reason": "court"}, {"ends_at": access.begins_at + timedelta(hours=5)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportAccess.objects.filter(pk=access.pk).update(**wrong)


def test_accounts_of_support_are_nobody_s_in_the_back_office(mayor):
    access = an_access()
    assert "assistance de Palier" not in mayor.get("/gestion/users/").content.decode().lower().replace("’", "'")
    assert mayor.get(f"/gestion/users/edit/{access.account_id}/").status_code == 404
    typed = {"first_name": "L", "last_name": "P", "email": "garde@exemple.example"}
    assert mayor.post(f"/gestion/users/edit/{access.account_id}/", typed).status_code == 404
    assert mayor.post(f"/gestion/users/delete/{access.account_id}/").status_code == 404
    assert mayor.post(f"/gestion/bulk/accounts/account/delete/?id={access.account_id}").status_code == 404
    assert type(access.account).objects.filter(pk=access.account_id).exists()


def test_support_costs_others_nothing(desk, jeanne, asked):
    an_access()
    for url in ("/", "/bureau/", f"/bureau/personne/{jeanne.uid}/"):
        with CaptureQueriesContext(connection) as log:
            assert desk.get(url).status_code == 200
        assert not [query["sql"] for query in log.captured_queries if "support_supportaccess" in query["sql"]], url
