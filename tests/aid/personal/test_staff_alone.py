"""A staff account belongs to one person only, whichever comes first: the persons or the role."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import Account
from accounts.roles import AGENTS, Role, roles_of
from accounts.services import invite_administrator
from aid.people.models import Person
from aid.personal.services import open_door
from harness.databases import FIRST_TOWN
from harness.loop import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
EMAIL = "couple@exemple.example"


def account_of(*names: str) -> Account:
    account = Account.objects.create_account(email=EMAIL)
    for name in names:
        somebody(name, email=EMAIL, account=account)
    return account


def agents() -> Group:
    return Group.objects.get(name=AGENTS)


def test_an_account_that_two_enter_by_is_given_no_role(visit):
    couple = account_of("Odette", "Max")
    with pytest.raises(ValidationError, match="Plusieurs personnes"), transaction.atomic():
        couple.groups.add(agents())
    with pytest.raises(ValidationError, match="Plusieurs personnes"), transaction.atomic():
        invite_administrator(email=EMAIL)
    client = visit(FIRST_TOWN)
    client.force_login(invite_administrator(email="mairie@exemple.example"))
    edit = reverse("wagtailusers_users:edit", args=(couple.pk,), urlconf="config.urls_town")
    typed = {"first_name": "Odette", "last_name": "Roy", "email": EMAIL, "is_active": "on", "groups": [agents().pk]}
    answer = client.post(edit, typed)
    assert "Plusieurs personnes entrent par ce compte" in " ".join(answer.context["form"].errors["groups"])
    assert not couple.groups.exists()
    # Without a role, everything else of it may be changed.
    assert client.post(edit, typed | {"groups": []}).status_code == 302


def test_an_account_of_one_person_may_have_a_role_and_is_then_given_nobody_else():
    account = account_of("Odette")
    account.groups.add(agents())
    assert roles_of(Account.objects.get(pk=account.pk)) == {Role.AGENT, Role.RESIDENT}
    somebody("Max", email=EMAIL, created_by=account)
    assert open_door(email=EMAIL) == account
    assert list(Person.objects.filter(account=account).values_list("first_name", flat=True)) == ["Odette"]
