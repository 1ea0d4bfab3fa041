"""Jeanne and Claire, who may act for her, each with a way in: for the tests of « mon espace »."""

from typing import Any

from django.test import Client

from accounts.models import Account
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person
from aid.personal.services import open_door
from aid.relations.enums import Consent, Scope
from aid.relations.services import grant
from harness.browsers import browser_at
from harness.databases import FIRST_TOWN
from harness.desk import make_person

JEANNE_PHONE, CLAIRE_PHONE = "+33639980001", "+33639980005"
HOME, ASKING, MINE = "/mon-espace/", "/demander/", "/mon-espace/en-mon-nom/"
ACT, STOP, KNOWN = f"{MINE}agir/", f"{MINE}revenir/", "/mon-espace/mes-informations/"


def known(first_name: str, phone: str, **fields: object) -> Person:
    """Somebody with a confirmed number, whose account it opens."""
    person = register_person(first_name=first_name, phone=phone, **fields)
    confirm_phone(person)
    open_door(phone=phone)
    return Person.objects.get(pk=person.pk)


def browser_of(person: Person, host: str = FIRST_TOWN) -> Client:
    """Their browser, signed in."""
    return browser_at(host, Account.objects.get(pk=person.account_id))


def seen(client: Client, path: str = HOME) -> str:
    """A page that answers."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.get("Location"))
    return answer.content.decode()


def a_mandate() -> dict[str, Any]:
    """One that Claire holds for Jeanne, as the addresses of the desk tell it."""
    her, who = make_person(), make_person("Claire", phone="+33639980078")
    given = grant(representative=who, principal=her, scope=[Scope.REQUESTS], consent=Consent.ON_PAPER)
    return {"uid": her.uid, "mandate": given.uid}


def one_of_two() -> dict[str, Any]:
    """Somebody who enters by the same account as another."""
    account = Account.objects.create_account(phone="+33639980077")
    both = [make_person(name, phone="+33639980077", account=account) for name in ("Odette", "Paul")]
    return {"uid": both[0].uid}
