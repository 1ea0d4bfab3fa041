"""« Ne plus recevoir »: one click, and never by looking."""

import re

import pytest
from django.core import mail
from django.test import Client

from aid.notifications import delivering
from aid.notifications.models import Message
from aid.notifications.services import send
from aid.notifications.unsubscribing import LINK, unsubscribe
from aid.notifications.words import Words
from aid.people.enums import Channel, Purpose
from aid.people.models import Person
from aid.people.services import register_person
from core.links import token_for
from harness.databases import SECOND_TOWN
from harness.messages import deliver_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
EMAIL = "alice@voisins.example"
WORDS = Words(subject="Un mot", body="Bonjour Alice.", sms="Un mot")


@pytest.fixture
def alice() -> Person:
    return register_person(first_name="Alice", email=EMAIL, channel=Channel.EMAIL)


def letter_to(person, kind, settings):
    """What the mailbox gets."""
    message = send(person=person, kind=kind, key=f"{kind}:{person.pk}", words=WORDS)
    settings.OUTBOX = False
    delivering.hand_over(delivering.claim(message.pk, again=pytest.fail))
    return mail.outbox[-1]


def test_a_mailbox_finds_where_to_say_no_more_of_what_is_optional(alice, settings):
    letter = letter_to(alice, "birthday", settings)
    address = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.startswith("http")
    assert address in letter.body
    assert address in letter.alternatives[0].content
    assert EMAIL not in address
    assert letter.from_email.startswith('"Pont-Sainte-Maxence"') or letter.from_email.startswith("Pont-Sainte-Maxence")


def test_what_one_must_know_has_no_such_link(alice, settings):
    letter = letter_to(alice, "rights", settings)
    assert "List-Unsubscribe" not in letter.extra_headers
    assert "Ne plus recevoir" not in letter.body + letter.alternatives[0].content
    with pytest.raises(ValueError, match="file"):
        unsubscribe(alice, Purpose.FILE)


def path_of(letter):
    return re.search(r"/ne-plus-recevoir/[^/]+/", letter.body)[0]


def test_looking_changes_nothing_and_one_post_without_a_session_is_enough(alice, settings, visit, town):
    path = path_of(letter_to(alice, "birthday", settings))
    page = visit(town.domain).get(path)
    assert "mercis et nouvelles" in page.content.decode().lower()
    assert "no-store" in page["Cache-Control"]
    alice.refresh_from_db()
    assert alice.channels == {}
    alice.channels = {"digest": "email"}
    alice.save()
    for _ in range(2):
        done = Client(enforce_csrf_checks=True, headers={"host": town.domain}).post(
            path, {"List-Unsubscribe": "One-Click"}
        )
        assert done.status_code == 200
    alice.refresh_from_db()
    assert alice.channels == {"digest": "email", "thanks": "none"}
    assert send(person=alice, kind="thanks", key="thanks:1", words=WORDS) is None
    assert "C’est noté" in visit(town.domain).get(path).content.decode()


def test_another_link_opens_nothing(alice, settings, visit, town):
    path = path_of(letter_to(alice, "birthday", settings))
    message = Message.objects.get()
    assert visit(SECOND_TOWN).post(path).status_code == 404
    assert visit(town.domain).post(path.replace(f"{message.pk}-", f"{message.pk + 1}-")).status_code == 404
    gone = f"/ne-plus-recevoir/{token_for(LINK, message.pk + 1)}/"
    assert visit(town.domain).get(gone).status_code == 404
    Message.objects.update(person=None)
    assert visit(town.domain).post(path).status_code == 404


def test_a_message_that_must_be_read_cannot_be_refused_by_a_made_up_link(alice, visit, town):
    message = send(person=alice, kind="rights", key="rights:1", words=WORDS)
    deliver_all()
    assert visit(town.domain).post(f"/ne-plus-recevoir/{token_for(LINK, message.pk)}/").status_code == 404
