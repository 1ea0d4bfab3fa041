"""How somebody is told of each thing, as an agent writes it down; and where each message is."""

from django.urls import reverse

from aid.notifications.models import Message
from aid.privacy.enums import Act
from aid.privacy.services import accesses_to
from aid.proposals.services import ask_volunteers
from harness.loop import ALICE_PHONE, open_request, somebody, volunteer
from harness.messages import deliver_all


def page_of(person):
    return reverse("desk:person_channels", args=[person.uid])


def test_an_agent_writes_down_what_somebody_says_and_it_is_traced(desk, jeanne):
    page = desk.get(page_of(jeanne)).content.decode()
    assert "Par courrier" in page
    assert "Par SMS" not in page, "hers is a landline"
    assert "ettre de l’année" not in page, "she is no volunteer"
    wrong = desk.post(page_of(jeanne), {"requests": "sms"})
    assert "Choisissez une façon de prévenir dans la liste" in wrong.content.decode()
    assert desk.post(page_of(jeanne), {"requests": "letter", "thanks": "none"}).status_code == 302
    jeanne.refresh_from_db()
    assert jeanne.channels == {"requests": "letter", "thanks": "none"}
    change = accesses_to(jeanne).filter(act=Act.CHANGED).get()
    assert str(change.by_account) == "Nadia Benali"
    (told,) = change.changes.all()
    assert (told.field, told.before) == ("channels", "")
    assert "par courrier" in told.after
    card = desk.get(reverse("desk:person", args=[jeanne.uid])).content.decode()
    assert "mercis et nouvelles\xa0: rien" in card


def test_nobody_is_told_of_anything_once_they_died(desk, jeanne, agent):
    type(jeanne).objects.filter(pk=jeanne.pk).update(deceased_on="2026-11-01")
    assert desk.get(page_of(jeanne)).status_code == 404


def test_a_request_and_a_card_say_where_each_message_is(desk):
    alice, asked = volunteer("Alice", ALICE_PHONE), open_request(somebody("Odette"))
    ask_volunteers(asked.pk)
    url = reverse("desk:request", args=[asked.uid])
    assert "par SMS, à envoyer" in desk.get(url).content.decode()
    deliver_all()
    Message.objects.update(state="delivered", receipt_at="2026-11-24T13:00:00Z")
    assert "par SMS, reçu" in desk.get(url).content.decode()
    card = desk.get(reverse("desk:person", args=[alice.person.uid])).content.decode()
    assert "reçu le 24 novembre" in card
