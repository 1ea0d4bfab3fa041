"""Operators: how they are invited, how their codes leave, and what they see."""

import pytest
from django.core import mail as outgoing
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import codes
from accounts.models import Account
from accounts.roles import Role, roles_of
from accounts.services import invite_biller
from console.jobs import send_mail
from console.models import Mail
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.context import PLATFORM, facing, platform_context

OPERATOR = "operatrice@palier.example"


@pytest.fixture
def queued(own_database, settings) -> int:
    """An e-mail on its way, where it really leaves."""
    settings.OUTBOX = False
    with platform_context():
        Mail.objects.all().delete()
        codes.deliver(channel="email", recipient=OPERATOR, subject="Votre code – Palier", body="123456")
        return Mail.objects.get(body="123456").pk


def jobs() -> int:
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'console.send_mail'")
        return cursor.fetchone()[0]


def test_a_code_leaves_once_by_the_worker_and_is_forgotten(queued):
    assert jobs() > 0
    assert outgoing.outbox == []
    for _ in range(2):
        send_mail(mail=queued)
    (sent,) = outgoing.outbox
    assert (sent.to, sent.subject, sent.body) == ([OPERATOR], "Votre code – Palier", "123456")
    with platform_context():
        assert not Mail.objects.exists()


def test_what_is_pretended_leaves_no_job(own_database):
    before = jobs()
    with platform_context():
        codes.pretend(channel="email", recipient=OPERATOR, subject="x", body="000000")
    assert jobs() == before
    with platform_context():
        assert not Mail.objects.filter(body="000000").exists()


def test_an_e_mail_that_does_not_leave_is_kept_for_the_next_try(queued, monkeypatch):
    def fail(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.EmailMessage, "send", fail)
    with pytest.raises(ConnectionRefusedError):
        send_mail(mail=queued)
    with platform_context():
        assert Mail.objects.filter(pk=queued).exists()


def test_the_demo_keeps_them_in_a_page(queued, settings, visit):
    assert visit("localhost").get("/boite-d-envoi/").status_code == 404
    settings.OUTBOX = True
    send_mail(mail=queued)
    assert outgoing.outbox == []
    page = visit("localhost").get("/boite-d-envoi/").content.decode()
    assert OPERATOR in page
    assert "123456" in page
    assert visit(FIRST_TOWN).get("/console/").status_code == 404


def test_an_operator_is_invited_by_a_command(own_database, capsys):
    call_command("invite_operator", email="Autre@palier.example")
    said = capsys.readouterr().out
    assert "autre@palier.example" in said
    assert "https://localhost/connexion/?next=/console/" in said
    with platform_context():
        made = Account.objects.get(email="autre@palier.example")
        assert made.is_superuser
        assert not made.has_usable_password()
    with pytest.raises(CommandError):
        call_command("invite_operator", email="pas une adresse")


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("billing", {Role.BILLING}),
        ("both", {Role.BILLING, Role.OPERATOR}),
        ("operations", {Role.OPERATOR}),
    ],
)
def test_the_command_says_what_for(own_database, role, expected):
    email = f"{role}@palier.example"
    call_command("invite_operator", email=email, role=role)
    with platform_context():
        assert roles_of(Account.objects.get(email=email)) == expected


def test_who_bills_sees_the_towns_and_enters_none(db, visit):
    client = visit("localhost")
    with facing(PLATFORM):
        client.force_login(invite_biller(email="compta@palier.example"))
    page = client.get("/console/").content.decode()
    assert "Pont-Sainte-Maxence" in page
    assert "/assistance/" not in page
    assert client.get(f"/console/ville/{entry_of(FIRST_TOWN).schema_name}/assistance/").status_code == 404


def test_the_towns_are_listed_in_few_queries(db, visit, django_assert_max_num_queries):
    from accounts.services import invite_operator
    from tenants.context import PLATFORM, facing

    client = visit("localhost")
    with facing(PLATFORM):
        client.force_login(invite_operator(email=OPERATOR))
    with django_assert_max_num_queries(12):
        page = client.get("/console/").content.decode()
    assert page.index("Lormes") < page.index("Pont-Sainte-Maxence")
    assert "Se déconnecter" in page
