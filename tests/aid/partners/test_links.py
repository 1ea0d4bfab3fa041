"""A partner's way in: a link that opens nothing to who was sent it on, and an account that opens nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts import codes
from accounts.abilities import get_abilities
from accounts.models import Account
from accounts.roles import Role, roles_of
from aid.notifications.models import Message
from aid.partners import keeping
from aid.partners.access import VIA_LINK, token_of
from aid.partners.models import PartnerContact
from aid.people.models import Person
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account
from harness.partners import (
    CLIC_EMAIL,
    a_contact,
    a_contact_with_a_link,
    a_contact_with_an_account,
    a_flag,
    a_partner,
    account_of,
    code_sent_to,
    come_in,
    filled,
    link_of,
)
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def browser(account: Account | None = None) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    if account is not None:
        client.force_login(account)
    return client


def test_a_link_asks_for_a_code_that_its_own_reader_gets(town):
    contact = a_contact_with_a_link()
    sent = Message.objects.get(kind="partner_link")
    assert link_of(contact) in sent.body
    assert sent.recipient == CLIC_EMAIL
    client = browser()
    page = client.get(link_of(contact)).content.decode()
    assert "Anne" not in page
    assert "CLIC" not in page
    assert CLIC_EMAIL not in page
    assert not Message.objects.filter(kind="code").exists(), "what only looks at a mail sends no code"
    come_in(client, contact)
    assert "Bonjour Anne" in client.get("/partenaires/").content.decode()


def test_a_forwarded_link_opens_nothing():
    contact = a_contact_with_a_link()
    come_in(browser(), contact)
    other = browser()
    assert other.get("/partenaires/")["Location"].startswith("/connexion/")
    other.post(link_of(contact), {"envoyer": "1"})
    assert {one.recipient for one in Message.objects.filter(kind="code")} == {CLIC_EMAIL}
    answer = other.post(link_of(contact), {"code": "000000"})
    assert answer.status_code == 422
    assert VIA_LINK not in other.session
    assert other.post("/partenaires/signaler/", filled())["Location"].startswith("/connexion/")
    for _ in range(6):
        other.post(link_of(contact), {"code": "000000"})
    late = other.post(link_of(contact), {"code": code_sent_to(CLIC_EMAIL)})
    assert late.status_code == 422, "after five wrong ones, even the right code is too late"


def test_codes_are_not_sent_without_end():
    contact = a_contact_with_a_link()
    client = browser()
    for _ in range(codes.MOST_AN_HOUR):
        assert client.post(link_of(contact), {"envoyer": "1"}).status_code == 302
    refused = client.post(link_of(contact), {"envoyer": "1"})
    assert "Plusieurs codes sont déjà partis" in refused.content.decode()
    assert Message.objects.filter(kind="code").count() == codes.MOST_AN_HOUR


def test_a_link_sent_again_ends_the_former_one_and_who_is_in():
    contact = a_contact_with_a_link()
    former = link_of(contact)
    client = come_in(browser(), contact)
    again = keeping.send_link(contact)
    assert link_of(again) != former
    assert browser().get(former).status_code == 404
    assert client.get("/partenaires/")["Location"].startswith("/connexion/")
    assert browser().get(link_of(again)).status_code == 200


@pytest.mark.parametrize("end", [keeping.end_access, keeping.close_contact])
def test_a_link_that_was_ended_opens_nothing_at_once(end):
    contact = a_contact_with_a_link()
    link, client = link_of(contact), come_in(browser(), contact)
    end(contact)
    assert browser().get(link).status_code == 404
    assert client.get("/partenaires/").status_code == 302
    assert client.post("/partenaires/signaler/", filled()).status_code == 302


def test_a_partner_who_may_flag_no_more_is_out():
    contact = a_contact_with_a_link()
    client = come_in(browser(), contact)
    keeping.write_partner(contact.partner, communes=[], is_active=False)
    assert client.get("/partenaires/").status_code == 302
    assert browser().get(link_of(contact)).status_code == 404


def test_a_link_too_old_says_so_and_takes_no_code():
    contact = a_contact_with_a_link()
    client = come_in(browser(), contact)
    PartnerContact.objects.update(link_ends_at=timezone.now() - timedelta(minutes=1))
    answer = browser().get(link_of(contact))
    assert answer.status_code == 410
    assert "plus valable" in answer.content.decode()
    assert client.get("/partenaires/").status_code == 302


def test_a_session_by_a_link_ends_with_the_day():
    client = come_in(browser(), a_contact_with_a_link())
    session = client.session
    session[VIA_LINK] = session[VIA_LINK] | {"until": timezone.now().isoformat()}
    session.save()
    assert client.get("/partenaires/").status_code == 302


def test_links_of_other_towns_and_forged_ones_open_nothing(other_town):
    contact = a_contact_with_a_link()
    token = token_of(contact)
    with facing(other_town):
        there = a_contact_with_a_link()
        assert there.pk == contact.pk or token_of(there) != token
        foreign = token_of(there)
    assert browser().get(f"/partenaires/lien/{foreign}/").status_code == 404
    assert Client(headers={"host": SECOND_TOWN}).get(f"/partenaires/lien/{token}/").status_code == 404
    for forged in ("1", f"{contact.pk}-", f"{contact.pk}-aaaaaaaaaaaaaaaa", "x-y", f"0{token}", "9" * 30 + "-a"):
        assert browser().get(f"/partenaires/lien/{forged}/").status_code == 404, forged


def test_another_address_ends_what_the_former_one_opened():
    contact = a_contact_with_a_link()
    contact = keeping.give_account(contact)
    account = account_of(contact)
    changed = keeping.write_contact(contact, partner=contact.partner, email="anne.nouvelle@clic.example")
    assert (changed.account, changed.link) == (None, "")
    assert Role.PARTNER not in roles_of(Account.objects.get(pk=account.pk))
    kept = keeping.write_contact(changed, partner=contact.partner, first_name="Annie")
    assert kept.email == "anne.nouvelle@clic.example"


def test_an_account_opens_her_flags_and_nothing_of_the_town():
    contact = a_contact_with_an_account()
    account = account_of(contact)
    assert roles_of(account) == {Role.PARTNER}
    assert not any(get_abilities(account).values())
    client = browser(account)
    flag = a_flag(contact)
    assert client.get("/connexion/")["Location"] == "/partenaires/"
    assert client.get("/partenaires/").status_code == 200
    for path in ("", "signalements/", f"signalement/{flag.uid}/", "personnes/", "inquietudes/", "partenaires/"):
        assert client.get(f"/bureau/{path}").status_code == 404, path
    assert client.get("/mon-espace/").status_code == 404


def test_whom_an_account_is_not_opened_for():
    make_account("accueil@ville.example", "Agents")
    with pytest.raises(ValidationError, match="collègue"):
        keeping.give_account(a_contact(email="accueil@ville.example"))
    shared = make_account("couple@exemple.example")
    for name in ("Max", "Odette"):
        Person.objects.create(first_name=name, account=shared)
    with pytest.raises(ValidationError, match="Plusieurs personnes"):
        keeping.give_account(a_contact(partner=a_partner("MSA"), email="couple@exemple.example"))
    closed = keeping.close_contact(a_contact(partner=a_partner("SSIAD")))
    for act in (keeping.give_account, keeping.send_link):
        with pytest.raises(ValidationError, match="ne signale plus"):
            act(closed)


def test_who_is_made_staff_is_no_partner_any_more():
    contact = a_contact_with_an_account()
    account = account_of(contact)
    make_account("x@ville.example", "Agents")
    account.groups.set(Account.objects.get(email="x@ville.example").groups.all())
    assert Role.PARTNER not in roles_of(Account.objects.get(pk=account.pk))


def test_a_contact_needs_somewhere_to_read_a_code():
    partner = a_partner()
    with pytest.raises(ValidationError, match="adresse e-mail, ou un mobile"):
        a_contact(partner=partner, email="", phone="+33344720000")
    assert a_contact(partner=partner, email="", phone="+33639980077").pk
