"""« Je ne veux plus avoir affaire à lui »: said on the telephone, noted for who says it."""

import pytest
from django.test import Client

from accounts.roles import COORDINATORS
from aid.moderation import blocks
from aid.moderation.models import Block
from aid.privacy.enums import Act, SeenOn
from aid.privacy.services import accesses_to
from aid.territory.models import CoveredCommune
from aid.territory.services import add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person

pytestmark = pytest.mark.django_db


def page_of(person, then=""):
    return f"/bureau/personne/{person.uid}/ne-plus-voir/{then}"


def test_an_agent_notes_it_for_who_phones_and_takes_it_back(desk, agent, jeanne, alice):
    assert page_of(jeanne) in desk.get(f"/bureau/personne/{jeanne.uid}/").content.decode()
    found = desk.post(page_of(jeanne), {"chercher": "1", "texte": "Alice"}).content.decode()
    assert f"{page_of(jeanne)}?personne={alice.person.uid}" in found
    chosen = desk.get(page_of(jeanne), {"personne": alice.person.uid}).content.decode()
    assert "Ne veut plus voir cette personne" in chosen
    assert not Block.objects.exists(), "nothing is noted before it is confirmed"

    answer = desk.post(page_of(jeanne), {"personne": alice.person.uid}, follow=True)
    assert answer.redirect_chain == [(page_of(jeanne), 302)]
    assert "ne se verront plus" in answer.content.decode()
    assert f"/bureau/personne/{alice.person.uid}/" in answer.content.decode()
    assert Block.objects.filter(blocker=jeanne, blocked=alice.person).exists()
    changes = [line for line in accesses_to(jeanne) if line.act == Act.CHANGED]
    assert [(line.screen, line.by_account) for line in changes] == [(SeenOn.BLOCKS, agent)]

    ended = page_of(jeanne, f"{alice.person.uid}/")
    assert ended in answer.content.decode()
    assert "veut bien revoir" in desk.post(ended, follow=True).content.decode()
    assert not Block.objects.exists()
    assert desk.post(ended).status_code == 404


def test_nobody_is_noted_apart_from_themselves_or_from_nobody(desk, jeanne):
    told = desk.post(page_of(jeanne), {"personne": jeanne.uid}, follow=True).content.decode()
    assert "quelqu’un d’autre" in told
    assert desk.post(page_of(jeanne)).status_code == 404
    assert not Block.objects.exists()


def test_a_coordinator_reads_no_more_than_the_public_name_of_who_lives_elsewhere(jeanne):
    elsewhere = make_person("Zoé", last_name="Inconnue", commune=None)
    blocks.block(blocker=jeanne, blocked=elsewhere)
    account = make_account("camille@ccas.example", COORDINATORS)
    bind_coordinator(
        account, sectors=[add_sector(name="Ici", communes=[CoveredCommune.objects.first()])], by_account=account
    )
    camille = Client(headers={"host": FIRST_TOWN})
    camille.force_login(account)
    page = camille.get(page_of(jeanne)).content.decode()
    assert "Zoé I." in page
    assert "Inconnue" not in page
    assert f"/bureau/personne/{elsewhere.uid}/" not in page
    assert camille.post(page_of(jeanne), {"personne": elsewhere.uid}).status_code == 404
