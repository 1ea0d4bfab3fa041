"""« Her daughter asks and follows on her behalf »: by telephone, on the site, seen by her mother, then ended."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person
from aid.personal.services import open_door
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
JEANNE_PHONE, CLAIRE_PHONE = "+33639980001", "+33639980005"


def browser(account: Account | None = None) -> Client:
    """Somebody's browser on the town's site."""
    client = Client(headers={"host": FIRST_TOWN})
    if account:
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_daughter_acts_for_her_mother_who_sees_it_and_ends_it():
    """Grant by telephone, act, see, withdraw, refused."""
    jeanne = register_person(first_name="Jeanne", last_name="Petit", phone=JEANNE_PHONE, address="3 rue des Lilas")
    confirm_phone(jeanne)
    agent_at_the_desk(jeanne)
    claire = Person.objects.get(first_name="Claire")
    daughter, mother = browser(open_door(phone=CLAIRE_PHONE)), browser(open_door(phone=JEANNE_PHONE))

    told = {one.recipient: one.body for one in Message.objects.filter(kind="mandate_begins")}
    assert "Claire peut maintenant agir pour vous" in told[JEANNE_PHONE]
    assert "Vous pouvez agir pour Jeanne" in told[CLAIRE_PHONE]

    assert "Agir pour Jeanne" in page(daughter, "/mon-espace/")
    mandate = claire.mandates.get()
    daughter.post("/mon-espace/en-mon-nom/agir/", {"mandat": mandate.uid})
    assert "Vous agissez pour Jeanne P." in page(daughter, "/")
    daughter.post("/demander/", {"kind": visits().slug})
    daughter.post("/demander/quand/", {"day_choice": "tomorrow", "moment": "any", "address": ""})
    assert daughter.post("/demander/vous/", {"details": ""}).status_code == 302
    request = HelpRequest.objects.get()
    assert (request.person, request.asked_by_person, request.address) == (jeanne, claire, "3 rue des Lilas")

    assert "Demandé par Claire" in page(mother, "/mon-espace/")
    seen = page(mother, "/mon-espace/en-mon-nom/")
    assert "Demande d’un coup de main, par Claire D. pour vous" in seen
    assert mother.post(f"/mon-espace/en-mon-nom/{mandate.uid}/retirer/").status_code == 302

    refused = page(daughter, f"/mon-espace/demande/{request.uid}/")
    assert "ce mandat a pris fin" in refused
    assert "Vous agissez pour" not in refused
    assert daughter.get(f"/mon-espace/demande/{request.uid}/").status_code == 404
    assert daughter.post("/mon-espace/en-mon-nom/agir/", {"mandat": mandate.uid}).status_code == 404
    ended = {one.recipient for one in Message.objects.filter(kind="mandate_ends")}
    assert ended == {JEANNE_PHONE, CLAIRE_PHONE}
    request.refresh_from_db()
    assert request.state == "open", "what was asked goes on"


def agent_at_the_desk(jeanne: Person) -> None:
    """Jeanne phones: her daughter may act for her. The agent notes it in one gesture, and both sides show it."""
    desk = browser(make_account("accueil@exemple.example", "Agents", first_name="Nadia"))
    here = f"/bureau/personne/{jeanne.uid}/entourage/"
    answer = desk.post(
        f"{here}ajouter/",
        {
            "first_name": "Claire",
            "last_name": "Duval",
            "phone": "06 39 98 00 05",
            "kind": "daughter",
            "may_act": "on",
            "scope": ["requests"],
            "consent": "by_phone",
            "ends_on": (timezone.localdate() + datetime.timedelta(days=180)).isoformat(),
        },
    )
    assert answer["Location"] == here
    assert "Claire Duval</a>, sa fille" in page(desk, here)
