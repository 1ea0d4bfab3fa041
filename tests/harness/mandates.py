"""Jeanne and Claire, who may act for her, each with a way in: for the tests of « mon espace »."""

from django.test import Client

from accounts.models import Account
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person
from aid.personal.services import open_door
from harness.databases import FIRST_TOWN

JEANNE_PHONE, CLAIRE_PHONE = "+33639980001", "+33639980005"
HOME, ASKING, MINE = "/mon-espace/", "/demander/", "/mon-espace/en-mon-nom/"
ACT, STOP, KNOWN = f"{MINE}agir/", f"{MINE}revenir/", "/mon-espace/mes-informations/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def known(first_name: str, phone: str, **fields: object) -> Person:
    """Somebody with a confirmed number, whose account it opens."""
    person = register_person(first_name=first_name, phone=phone, **fields)
    confirm_phone(person)
    open_door(phone=phone)
    return Person.objects.get(pk=person.pk)


def browser_of(person: Person, host: str = FIRST_TOWN) -> Client:
    """Their browser, signed in."""
    client = Client(headers={"host": host})
    client.force_login(Account.objects.get(pk=person.account_id), BACKEND)
    return client


def seen(client: Client, path: str = HOME) -> str:
    """A page that answers."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.get("Location"))
    return answer.content.decode()
