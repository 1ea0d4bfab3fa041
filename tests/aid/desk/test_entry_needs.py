"""A request at the desk: what is asked about each kind, how many people, an association or the town that asks."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from aid.configuration.kinds import KindOfHelp
from aid.configuration.models import Identity
from aid.help_requests.enums import AskedBy
from aid.help_requests.models import HelpRequest
from aid.onboarding.models import Volunteer
from aid.partners.enums import PartnerKind
from aid.partners.models import Partner
from aid.relations.models import ActedFor
from aid.territory.models import CoveredCommune
from harness.loop import volunteer

pytestmark = pytest.mark.django_db
HERE = "/bureau/demande/nouvelle/"


def what(person, **changes):
    """What the form sends for a request of tomorrow."""
    usual = {
        "personne": str(person.uid),
        "kind": str(KindOfHelp.objects.first().pk),
        "day": (timezone.localdate() + timedelta(days=1)).isoformat(),
        "moment": "any",
        "commune": str(CoveredCommune.objects.first().pk),
        "source": "phone",
        "asked_by": "self",
        "consent": "spoken",
    }
    return usual | changes


@pytest.fixture
def kinds(town):
    """Two kinds: one asks a question that must be answered, the other needs three people."""
    asking, heavy = KindOfHelp.objects.all()[:2]
    asking.questions = [{"label": "Quel animal ?", "type": "choice", "choices": ["un chien", "un chat"]}]
    asking.questions[0]["is_required"] = True
    heavy.people_needed, heavy.questions = 3, []
    asking.save()
    heavy.save()
    return asking, heavy


def test_only_the_questions_of_the_chosen_kind_count(desk, jeanne, kinds):
    asking, heavy = kinds
    page = BeautifulSoup(desk.get(HERE, {"personne": jeanne.uid}).content, "html.parser")
    assert page.select_one(f".asked-kind:has([name=kind][value='{asking.pk}']) [name=question_{asking.pk}_0]")
    assert page.select_one(f"[name=people_{heavy.pk}]")["value"] == "3"
    refused = desk.post(HERE, what(jeanne, kind=str(asking.pk)))
    assert "Répondez à" in refused.content.decode()
    assert not HelpRequest.objects.exists()
    wrong = desk.post(HERE, what(jeanne, kind=str(heavy.pk), **{f"people_{heavy.pk}": "31"}))
    assert "Écrivez un nombre entre 1 et 30." in wrong.content.decode()
    sent = what(jeanne, kind=str(heavy.pk), **{f"people_{heavy.pk}": "5"})
    answer = desk.post(HERE, sent)
    assert answer.status_code == 302, BeautifulSoup(answer.content, "html.parser").select("[data-field=validation]")
    assert (HelpRequest.objects.get().people_needed, HelpRequest.objects.get().answers) == (5, {})
    sent = what(jeanne, kind=str(asking.pk), **{f"question_{asking.pk}_0": "un chat"})
    read = desk.get(desk.post(HERE, sent)["Location"]).content.decode()
    assert "un chat" in read
    assert HelpRequest.objects.latest("pk").people_needed == 1


def test_an_association_or_the_town_asks(desk, jeanne, town):
    club = Partner.objects.create(name="Le Club", kind=PartnerKind.ASSOCIATION)
    asked = what(jeanne, asked_by="association")
    assert "Choisissez l’association" in desk.post(HERE, asked).content.decode()
    assert desk.post(HERE, asked | {"association": str(club.pk)}).status_code == 302
    request = HelpRequest.objects.get()
    assert (request.asked_by, request.asked_by_name) == (AskedBy.ASSOCIATION, "Le Club")
    asked = what(jeanne, asked_by="town", details="Une fête")
    assert desk.post(HERE, asked).status_code == 302
    request = HelpRequest.objects.latest("pk")
    assert (request.asked_by, request.asked_by_name) == (AskedBy.TOWN, Identity.load().public_name)
    # They speak for nobody: nothing was done for her.
    assert not ActedFor.objects.exists()


def test_a_kind_kept_for_residents_refuses_the_town(desk, jeanne, town):
    KindOfHelp.objects.update(askers=["resident"])
    answer = desk.post(HERE, what(jeanne, asked_by="town"))
    assert "peut être demandée par un habitant, pas par la ville" in answer.content.decode()
    assert not HelpRequest.objects.exists()


def test_an_agent_notes_for_which_association_somebody_comes(desk, town):
    club = Partner.objects.create(name="Le Club", kind=PartnerKind.ASSOCIATION)
    Partner.objects.create(name="La pharmacie", kind=PartnerKind.PHARMACY)
    paul = volunteer("Paul")
    here = f"/bureau/benevole/{paul.person.uid}/association/"
    offered = BeautifulSoup(desk.get(here).content, "html.parser").select("[name=association] option")
    assert [one.get_text() for one in offered] == ["Aucune\xa0: pour soi", "Le Club"]
    assert "Choisissez une association" in desk.post(here, {"association": "0"}).content.decode()
    answer = desk.post(here, {"association": str(club.pk)})
    assert "Le Club" in desk.get(answer["Location"]).content.decode()
    assert Volunteer.objects.get().speaks_for == club
