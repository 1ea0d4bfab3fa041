"""Somebody sells under the colour of helping: the town stops it, an agent says why, the author puts it right.

Grenoble's rule (seed 002): a few agents keep commerce out. Here in a Grenoble that its blueprint opens.
"""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import Account
from aid.configuration.models import KindOfHelp
from aid.moderation.models import Case
from aid.notifications.models import Message
from aid.offers.services import welcome
from aid.profiles.models import Interest
from harness.desk import make_account
from harness.loop import ALICE_PHONE, somebody
from tenants.context import town_context
from tenants.opening import Request, open_town

MINE, LIST = "/mon-espace/me-presenter/", "/voisins/"
COMMERCE = "Plomberie, devis gratuit, 45 € de l’heure, 06 39 98 00 77."


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@pytest.fixture
def grenoble(own_database) -> Iterator[str]:
    """Its domain; the test is in it."""
    opened = open_town(
        Request(blueprint="voisins-voisines", name="Grenoble", communes=["38185"], telephone="04 65 71 00 03")
    )
    with town_context(opened.town):
        yield opened.domain


@pytest.fixture
def marc(visit, grenoble):
    """A volunteer, and his browser."""
    person = somebody("Marc", ALICE_PHONE, last_name="Roy")
    person.account = Account.objects.create_account(phone=ALICE_PHONE)
    person.save()
    welcome(person=person, kinds=KindOfHelp.objects.all()[:2])
    client = visit(grenoble)
    client.force_login(person.account, "django.contrib.auth.backends.ModelBackend")
    return person, client


def publish(browser, words):
    likes = Interest.objects.get(name="bricoler")
    return browser.post(MINE, {"words": words, "interests": [likes.pk], "geste": "publier"}, follow=True)


def decide(desk, **said):
    """What the agent decides of the text that waits, on the desk's own page."""
    case = Case.objects.open().get()
    answer = desk.post(reverse("desk:case", args=[case.uid]), {"revision": case.revision, **said}, follow=True)
    case.refresh_from_db()
    assert case.outcome == said["outcome"], text_of(answer)
    return text_of(answer)


def test_a_commercial_text_is_stopped_read_taken_off_and_put_right(visit, grenoble, marc):
    person, browser = marc
    stranger, desk = visit(grenoble), visit(grenoble)
    desk.force_login(make_account("nadia@ccas.example", "Agents", first_name="Nadia"))

    # He writes it: it is kept, and waits. Nobody else reads it.
    page = text_of(publish(browser, COMMERCE))
    assert "Votre présentation n’est pas sur le site" in page
    assert "Un agent le lit avant qu’il paraisse" in page
    url = reverse("profiles:neighbour", args=[person.profile.uid])
    assert stranger.get(url).status_code == browser.get(url).status_code == 404
    assert "Marc R." not in text_of(stranger.get(LIST))

    # Nadia finds it in the queue, reads it, removes it, and says why.
    page = reverse("desk:case", args=[Case.objects.open().get().uid])
    assert page in desk.get(reverse("desk:moderation")).text
    assert "Plomberie" in text_of(desk.get(page))
    told = decide(desk, outcome="removed", reason="commerce", words="Ici, tout est gratuit.")
    assert "ce texte est retiré. La personne est prévenue" in told

    # He reads why: by SMS, and where he wrote it. Nobody else hears of it.
    assert "annonce commerciale" in Message.objects.get(kind="moderation_decided", person=person).body
    page = text_of(browser.get(MINE))
    assert "une annonce commerciale" in page
    assert "Ici, tout est gratuit." in page
    assert stranger.get(url).status_code == 404

    # Put right, it is read again by somebody, since it was taken off once; then it is there.
    assert "n’est pas sur le site" in text_of(publish(browser, "Je bricole volontiers, pour le plaisir."))
    assert "ce texte reste" in decide(desk, outcome="kept")
    shown = text_of(stranger.get(url))
    assert "Je bricole volontiers, pour le plaisir." in shown
    assert "06 39" not in shown

    # Withdrawing and beginning again is no way round.
    browser.post("/mon-espace/me-presenter/retirer/")
    publish(browser, COMMERCE)
    assert stranger.get(url).status_code == 404
