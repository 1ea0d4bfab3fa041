"""At the desk: by what somebody enters, and taking out of a shared account who phones for it."""

import uuid

import pytest

from accounts.models import Account
from aid.people.models import Person
from aid.people.services import confirm_phone
from aid.personal.services import open_door
from harness.desk import make_account, make_person
from tenants.context import facing

pytestmark = pytest.mark.django_db
PHONE, SHOWN = "+33639980001", "06\u00a039\u00a098\u00a000\u00a001"


@pytest.fixture
def couple(town):
    both = [make_person(name, phone=PHONE) for name in ("Odette", "Paul")]
    for one in both:
        confirm_phone(one)
    open_door(phone=PHONE)
    return [again(one) for one in both]


def again(person):
    return Person.objects.get(pk=person.pk)


def page_of(person, then=""):
    return f"/bureau/personne/{person.uid}/{then}"


def text_of(client, person):
    return client.get(page_of(person)).content.decode()


def test_an_agent_takes_out_who_phones(desk, couple):
    odette, paul = couple
    page = text_of(desk, odette)
    assert "Entre avec" in page
    assert SHOWN in page
    assert "(partagé avec" in page
    assert "Paul M." in page
    assert page_of(odette, "sortir/") in page

    question = desk.get(page_of(odette, "sortir/")).content.decode()
    assert "Ce numéro est-il encore le sien" in question
    assert "Répondez par oui ou par non" in desk.post(page_of(odette, "sortir/")).content.decode()
    assert again(odette).account is not None

    answer = desk.post(page_of(odette, "sortir/"), {"phone": "oui"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(page_of(odette), 302)]
    assert "cette personne n’entre plus par ce compte" in page
    assert "pas encore de compte" in page
    assert "N’entre plus avec" in page
    assert "partagé avec" not in text_of(desk, paul)
    account = open_door(phone=PHONE)
    assert (again(odette).account, again(paul).account) == (None, account)
    assert again(odette).phone == PHONE
    assert desk.post(page_of(odette, "sortir/"), {"phone": "oui"}).status_code == 404


def test_a_number_that_is_no_longer_theirs_leaves_the_page(desk, couple):
    odette, paul = couple
    desk.post(page_of(odette, "sortir/"), {"phone": "non"})
    assert (again(odette).phone, again(paul).phone) == ("", PHONE)
    assert "N’entre plus avec" not in text_of(desk, odette)


def test_an_agent_lets_them_in_again(desk, couple):
    odette, _ = couple
    desk.post(page_of(odette, "sortir/"), {"phone": "oui"})
    assert page_of(odette, "rouvrir/") in text_of(desk, odette)
    answer = desk.post(page_of(odette, "rouvrir/"), follow=True)
    assert "peut de nouveau entrer par là" in answer.content.decode()
    assert page_of(odette, "rouvrir/") not in text_of(desk, odette)
    account = open_door(phone=PHONE)
    assert again(odette).account == account


def test_who_enters_alone_or_not_at_all_has_no_such_button(desk, couple, jeanne):
    alone = make_person("Zoé", phone="+33639980005")
    confirm_phone(alone)
    open_door(phone=alone.phone)
    for one in (jeanne, alone):
        assert "sortir/" not in text_of(desk, one)
        for method in (desk.get, desk.post):
            assert method(page_of(one, "sortir/")).status_code == 404


def test_staff_s_accounts_are_left_alone(desk, agent, couple):
    colleague = make_account("maire@ccas.example", "Administrateurs")
    Person.objects.filter(pk__in=[one.pk for one in couple]).update(account=colleague)
    page = text_of(desk, couple[0])
    for hidden in ("sortir/", "partagé avec", "maire@ccas.example"):
        assert hidden not in page
    for method in (desk.get, desk.post):
        assert method(page_of(couple[0], "sortir/"), {"phone": "oui"}).status_code == 404
    assert again(couple[0]).account == colleague


def test_another_town_s_and_nobody_s_are_absent(desk, couple, other_town):
    with facing(other_town):
        elsewhere = make_person("Odette", phone=PHONE, account=Account.objects.create_account(phone=PHONE))
        make_person("Paul", phone=PHONE, account=elsewhere.account)
    for uid in (elsewhere.uid, uuid.uuid4()):
        for then in ("sortir/", "rouvrir/"):
            assert desk.post(f"/bureau/personne/{uid}/{then}", {"phone": "oui"}).status_code == 404
    with facing(other_town):
        assert again(elsewhere).account is not None
    assert desk.get(page_of(couple[0], "rouvrir/")).status_code == 405
