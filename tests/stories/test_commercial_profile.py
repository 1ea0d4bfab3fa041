"""Somebody sells under the colour of helping: the town stops it, an agent says why, the author puts it right.

Grenoble's rule (seed 002): a few agents keep commerce out. Here in the first town, whose rules are the same.
"""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import Account
from aid.configuration.models import KindOfHelp
from aid.moderation import queue
from aid.moderation.enums import Outcome, Reason
from aid.moderation.models import Case
from aid.notifications.models import Message
from aid.offers.services import welcome
from aid.profiles.models import Interest
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import ALICE_PHONE, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
MINE, LIST = "/mon-espace/me-presenter/", "/voisins/"
COMMERCE = "Plomberie, devis gratuit, 45 € de l’heure, 06 39 98 00 77."


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@pytest.fixture
def marc(visit):
    """A volunteer, and his browser."""
    person = somebody("Marc", ALICE_PHONE, last_name="Roy")
    person.account = Account.objects.create_account(phone=ALICE_PHONE)
    person.save()
    welcome(person=person, kinds=KindOfHelp.objects.all()[:2])
    client = visit(FIRST_TOWN)
    client.force_login(person.account, "django.contrib.auth.backends.ModelBackend")
    return person, client


def publish(browser, words):
    likes = Interest.objects.get(name="bricoler")
    return browser.post(MINE, {"words": words, "interests": [likes.pk], "geste": "publier"}, follow=True)


def test_a_commercial_text_is_stopped_read_taken_off_and_put_right(visit, marc):
    person, browser = marc
    stranger, agent = visit(FIRST_TOWN), make_account("nadia@ccas.example", "Agents", first_name="Nadia")

    # He writes it: it is kept, and waits. Nobody else reads it.
    page = text_of(publish(browser, COMMERCE))
    assert "Votre présentation n’est pas sur le site" in page
    assert "Un agent le lit avant qu’il paraisse" in page
    url = reverse("profiles:neighbour", args=[person.profile.uid])
    assert stranger.get(url).status_code == browser.get(url).status_code == 404
    assert "Marc R." not in text_of(stranger.get(LIST))

    # Nadia finds it in the queue, reads it, removes it, and says why.
    case = Case.objects.open().get()
    desk = visit(FIRST_TOWN)
    desk.force_login(agent)
    assert "Plomberie" in text_of(desk.get(reverse("desk:case", args=[case.uid])))
    queue.decide(
        case,
        outcome=Outcome.REMOVED,
        reason=Reason.COMMERCE,
        words="Ici, tout est gratuit.",
        revision=case.revision,
        by_account=agent,
    )

    # He reads why: by SMS, and where he wrote it. Nobody else hears of it.
    assert "annonce commerciale" in Message.objects.get(kind="moderation_decided", person=person).body
    page = text_of(browser.get(MINE))
    assert "une annonce commerciale" in page
    assert "Ici, tout est gratuit." in page
    assert stranger.get(url).status_code == 404

    # Put right, it is read again by somebody, since it was taken off once; then it is there.
    assert "n’est pas sur le site" in text_of(publish(browser, "Je bricole volontiers, pour le plaisir."))
    again = Case.objects.open().get()
    queue.decide(again, outcome=Outcome.KEPT, reason=Reason.FINE, revision=again.revision, by_account=agent)
    shown = text_of(stranger.get(url))
    assert "Je bricole volontiers, pour le plaisir." in shown
    assert "06 39" not in shown

    # Withdrawing and beginning again is no way round.
    browser.post("/mon-espace/me-presenter/retirer/")
    publish(browser, COMMERCE)
    assert stranger.get(url).status_code == 404
