"""« The shutters are closed »: a volunteer worries, a named agent answers, and she reads that it is taken."""

import uuid

import pytest
from django.test import Client

from accounts.models import Account
from aid.notifications.models import Message
from aid.worries.models import Worry
from core.links import token_for
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.worries import SAID, agreed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def browser(account: Account | None = None) -> Client:
    """Somebody's browser on the town's site."""
    client = Client(headers={"host": FIRST_TOWN})
    if account:
        client.force_login(account)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_worry_goes_to_a_named_agent_and_comes_back_as_taken():
    """Duty said by the office; told from the SMS's link; taken, called, answered; read by who told it."""
    nadia = make_account("nadia@ccas.example", "Agents", first_name="Nadia", last_name="Benali")
    office = browser(make_account("maire@ville.example", "Administrateurs", first_name="Odile"))
    assert office.post("/bureau/inquietudes/permanence/", {"ailleurs": str(nadia.uid)}).status_code == 302

    request, proposal = agreed()
    link = f"/reponse/{token_for('answer', proposal.pk)}/"
    alice = browser()
    assert "Je m’inquiète pour Jeanne" in page(alice, link)
    typed = {"grade": "urgent", "words": SAID, "form_uid": str(uuid.uuid4())}
    assert alice.post(f"{link}inquietude/", typed).status_code == 302
    assert "C’est dit, merci" in page(alice, f"{link}inquietude/?dit")

    worry = Worry.objects.get()
    mail = Message.objects.get(kind="worry")
    assert mail.recipient == nadia.email
    assert not [word for word in ("Jeanne", "Alice", "volets") if word in mail.subject + mail.body]
    here = f"/bureau/inquietude/{worry.uid}/"
    assert here in mail.body

    desk = browser(nadia)
    assert "Inquiétude" in page(desk, "/bureau/"), "due at once"
    shown = page(desk, here)
    assert "Canari-volets" in shown
    assert "Alice Morvan" in shown
    desk.post(here, {"geste": "prendre"})
    assert "pris en charge" in page(alice, f"{link}inquietude/")
    desk.post(here, {"geste": "noter", "words": "Sa fille passe ce soir."})
    desk.post(here, {"geste": "clore", "answer": "family", "closing": ""})
    closed = page(desk, here)
    for words in ("Prise en charge", "Sa fille passe ce soir.", "La famille ou un proche prend le relais"):
        assert words in closed

    seen = page(alice, f"{link}inquietude/")
    assert "pris en charge" in seen
    assert not [word for word in ("fille", "Nadia", "famille") if word in seen]
    assert "Canari-volets" not in page(desk, f"/bureau/personne/{request.person.uid}/")
