"""The screen where the team proposes a request to somebody in particular: pages, search, what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.help_requests.enums import LOOKING, RequestState
from aid.offers.services import welcome
from aid.proposals.models import Proposal
from harness.desk import make_request
from harness.loop import visits, volunteer

pytestmark = pytest.mark.django_db


def url(request):
    return f"/bureau/demande/{request.uid}/proposer/"


def test_the_page_of_a_request_leads_there_while_it_looks(desk, jeanne, alice):
    for state in (RequestState.OPEN, RequestState.TO_CHECK):
        request = make_request(jeanne, state)
        assert (url(request) in desk.get(f"/bureau/demande/{request.uid}/").content.decode()) is (state in LOOKING)
    assert "Rien n’a changé" in desk.get(url(request), follow=True).content.decode()
    sent = desk.post(f"{url(request)}confirmer/", {"qui": str(alice.person.uid)}, follow=True)
    assert "Rien n’a changé" in sent.content.decode()
    assert not Proposal.objects.exists()
    taken = make_request(jeanne, RequestState.AGREED, volunteer=alice)
    assert "cette demande est acceptée." in desk.get(url(taken), follow=True).content.decode()


def test_twenty_stand_on_a_page_for_as_many_queries(desk, asked):
    counts = []
    for more in (2, 21):
        for number in range(more):
            volunteer(f"Bénévole {number}", last_name="Morel")
        desk.get(url(asked))  # what a process remembers is remembered
        with CaptureQueriesContext(connection) as done:
            page = desk.get(url(asked)).content.decode()
        counts.append(len(done))
    assert counts[0] == counts[1] <= 25, counts
    assert page.count('type="checkbox"') == 20
    assert "23 bénévoles possibles" in page
    assert desk.get(url(asked), {"page": "2"}).content.decode().count('type="checkbox"') == 3


def test_nobody_to_ask_is_said(desk, asked):
    assert "Personne ne peut être sollicité" in desk.get(url(asked)).content.decode()
    assert "Personne de ce nom" in desk.post(url(asked), {"texte": "Zébulon"}).content.decode()
    assert "Écrivez un nom ou un numéro" in desk.post(url(asked), {"texte": " "}).content.decode()


def test_what_was_typed_is_in_no_address(desk, asked, alice):
    welcome(person=alice.person, kinds=[visits()])
    found = desk.post(url(asked), {"texte": "morel"})
    assert "Alice Morel" in found.content.decode()
    assert found.status_code == 200
    assert "Alice" not in found.wsgi_request.get_full_path()


@pytest.mark.parametrize(
    "qui", ["", "0", "pas-un-numero", "00000000-0000-0000-0000-000000000000", "9" * 10_000, "\x00"]
)
def test_a_forged_choice_proposes_nothing(desk, asked, alice, qui):
    for send in (desk.get, desk.post):
        answer = send(f"{url(asked)}confirmer/", {"qui": qui}, follow=True)
        assert answer.redirect_chain[-1][0] == url(asked)
    assert not Proposal.objects.exists()
