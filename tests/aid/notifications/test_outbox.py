"""The outbox of a demonstration: all that the town wrote, to read and to answer."""

import re

import pytest
from django.utils import timezone

from accounts.models import Account
from aid.followups.models import FollowUp
from aid.notifications import layout
from aid.notifications.enums import MessageState
from aid.notifications.models import Message, Reply
from aid.notifications.services import send
from aid.notifications.words import Words, letter
from aid.people.enums import Channel
from aid.people.models import Person
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.messages import deliver_all

WORDS = Words(
    subject="Une demande près de chez vous",
    body="Bonjour Alice,\n\nUne course mardi.\n\nRépondre : https://x.example/reponse/1-a/\n\nPlus : https://x.example/",
    sms="Une course mardi ? https://x.example/reponse/1-a/",
)


@pytest.fixture
def alice(town) -> Person:
    return Person.objects.create(first_name="Alice", last_name="Durand", phone="+33639980001", channel=Channel.SMS)


@pytest.fixture
def paul(town) -> Person:
    return Person.objects.create(first_name="Paul", email="paul@voisins.example", channel=Channel.EMAIL)


@pytest.fixture
def sent(alice, paul) -> list[Message]:
    for person in (alice, paul):
        send(person=person, kind="proposal", key=f"proposal:{person.pk}", words=WORDS)
    return deliver_all()


@pytest.fixture
def page(visit):
    return lambda path="/boite-d-envoi/", host=FIRST_TOWN: visit(host).get(path)


def text_of(answer) -> str:
    return answer.content.decode()


def test_every_message_is_there_with_its_reader_and_its_links(sent, page):
    answer = page()
    shown = text_of(answer)
    assert "Démonstration\u00a0: rien ne part vraiment" in shown
    for expected in (
        "Alice",
        "06\u00a039\u00a098\u00a000\u00a001",
        "Paul",
        "paul@voisins.example",
        WORDS.subject,
        'href="https://x.example/reponse/1-a/"',
    ):
        assert expected in shown
    assert "Durand" not in shown
    assert shown.index("paul@voisins.example") < shown.index("06\u00a039\u00a098\u00a000\u00a001"), "the last first"
    assert "no-store" in answer["Cache-Control"]
    assert 'href="/boite-d-envoi/"' in text_of(page("/"))


def test_what_was_not_sent_is_not_there_and_an_empty_box_says_so(alice, page):
    assert "Aucun message pour le moment" in text_of(page())
    send(person=alice, kind="proposal", key="proposal:1", words=WORDS)
    assert "Aucun message pour le moment" in text_of(page())


def test_another_town_never_shows_them(sent, page, visit):
    assert "Alice" not in text_of(page(host=SECOND_TOWN))
    assert page(f"/boite-d-envoi/{sent[0].pk}/", SECOND_TOWN).status_code == 404
    assert visit(SECOND_TOWN).post(f"/boite-d-envoi/{sent[0].pk}/", {"text": "oui"}).status_code == 404


def test_without_a_demonstration_there_is_no_such_page(sent, page, visit, settings):
    settings.OUTBOX = False
    for path in ("/boite-d-envoi/", f"/boite-d-envoi/{sent[0].pk}/", "/boite-d-envoi/999999/"):
        assert page(path).status_code == 404
    assert visit(FIRST_TOWN).post(f"/boite-d-envoi/{sent[0].pk}/", {"text": "oui"}).status_code == 404
    assert "boite-d-envoi" not in text_of(page("/?anew"))
    assert not Reply.objects.exists()


def test_somebody_s_messages_alone(sent, alice, page):
    shown = text_of(page(f"/boite-d-envoi/?personne={alice.pk}"))
    assert "Les messages de Alice" not in shown
    assert "Les messages d’Alice" in shown
    assert "Paul" not in shown
    for odd in ("x", "²", "999999", "9" * 40):
        assert page(f"/boite-d-envoi/?personne={odd}").status_code == 200


def test_an_answer_arrives_and_is_shown(sent, alice, page, visit):
    browser = visit(FIRST_TOWN)
    answer = browser.post(f"/boite-d-envoi/{sent[0].pk}/", {"text": "Qui <est> ce ?"}, follow=True)
    assert answer.redirect_chain == [(f"/boite-d-envoi/?personne={alice.pk}", 302)]
    assert "Votre réponse est arrivée" in text_of(answer)
    assert "Qui &lt;est&gt; ce ?" in text_of(answer)
    assert FollowUp.objects.get().person == alice


@pytest.mark.parametrize(("text", "error"), [("", "par exemple OUI"), ("a" * 481, "480 caractères")])
def test_an_answer_that_cannot_be_sent_is_given_back(sent, visit, text, error):
    answer = visit(FIRST_TOWN).post(f"/boite-d-envoi/{sent[0].pk}/", {"text": text})
    assert answer.status_code == 200
    assert error in text_of(answer)
    assert text in text_of(answer)
    assert not Reply.objects.exists()


def test_an_email_is_not_answered_by_sms(sent, page):
    by_email = next(message for message in sent if not message.is_sms)
    assert page(f"/boite-d-envoi/{by_email.pk}/").status_code == 404


def test_a_page_asks_as_little_for_twenty_as_for_two(sent, alice, page, django_assert_max_num_queries):
    page()
    Message.objects.bulk_create(
        Message(
            kind="proposal", key=f"more:{number}", person=alice, channel=Channel.SMS, recipient=alice.phone,
            body=f"Message {number}", state=MessageState.SENT, sent_at=timezone.now(),
        )
        for number in range(45)
    )  # fmt: skip
    # Pulse, savepoint twice, site, count, messages, replies.
    with django_assert_max_num_queries(9):
        first = text_of(page())
    assert first.count("<article") == 20
    assert "Page 1 sur 3" in first
    assert 'href="/boite-d-envoi/?page=2"' in first
    assert text_of(page("/boite-d-envoi/?page=3")).count("<article") == 7
    mine = text_of(page(f"/boite-d-envoi/?personne={alice.pk}&page=2"))
    assert f"?personne={alice.pk}&amp;page=1" in mine


def test_an_administrator_reads_it_too(sent, visit):
    browser = visit(FIRST_TOWN)
    account = Account.objects.create_account(email="camille@ville.example")
    browser.force_login(account)
    assert browser.get("/boite-d-envoi/").status_code == 200


# --- The e-mail


def test_an_email_has_one_button_the_telephone_and_large_letters(sent, town):
    from aid.configuration.services import identity

    page = layout.html(identity(), WORDS.subject, WORDS.body)
    assert "<style" not in page
    buttons = re.findall(r'<a [^>]*href="([^"]+)"[^>]*background[^>]*>([^<]+)</a>', page) or re.findall(
        r'<a [^>]*background[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', page
    )
    assert buttons == [("https://x.example/reponse/1-a/", "Répondre")]
    assert 'href="https://x.example/"' in page
    assert 'href="tel:+33344720000"' in page
    assert min(int(size) for size in re.findall(r"(\d+)px/", page)) >= 18
    assert "http" not in re.sub(r'https://x\.example/[^"<]*', "", page), "nothing is fetched"
    plain = layout.plain(identity(), WORDS.body)
    assert plain.startswith(WORDS.body)
    assert "03\u00a044\u00a072\u00a000\u00a000" in plain


def test_a_letter_is_signed_once(town):
    from aid.configuration.services import identity

    body, name = letter("Bonjour Alice,", "", "Merci."), identity().public_name
    assert body == "Bonjour Alice,\n\nMerci."
    assert layout.plain(identity(), body).count(name) == 1


def test_what_is_typed_stays_text_in_an_email(town):
    from aid.configuration.services import identity

    page = layout.html(
        identity(), "x", 'Bonjour <script>alert(1)</script>\n\n<b>ici</b> : https://x.example/"onclick=1'
    )
    assert "<script" not in page
    assert "<b>" not in page
    assert 'onclick="' not in page
