"""Following a request by its link: it opens that request, as much of it as the link proves, and nothing else."""

import re
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from aid.help_requests import services, texts
from aid.help_requests.enums import RequestState
from harness import requests as make
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.loop import agree
from harness.requests import LANDLINE
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ALICE_READS = "06\u00a039\u00a098\u00a000\u00a002"


@pytest.fixture
def jeanne(visit):
    return visit(FIRST_TOWN)


@pytest.fixture
def request_of_jeanne():
    make.a_known_person(last_name="Dupont")
    return make.asked_online(address="1 rue Neuve", details="Deuxième étage")


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split(" "))


def test_each_state_is_told_in_plain_words(jeanne, request_of_jeanne):
    alice = make.a_volunteer()
    url = texts.follow_path(request_of_jeanne)
    assert "Nous cherchons un voisin" in words(jeanne.get(url))

    agree(request_of_jeanne, alice)
    page = words(jeanne.get(url))
    assert "Alice vient vous aider" in page
    assert ALICE_READS in page
    assert "Secret" not in page

    services.finish(request_of_jeanne, minutes=45)
    page = words(jeanne.get(url))
    assert "C’est fait" in page
    assert ALICE_READS not in page
    assert "Annuler ma demande" not in page

    thanked = jeanne.post(f"{url}merci/", {"words": "Merci !"}, follow=True)
    assert "Votre merci est transmis" in words(thanked)
    request_of_jeanne.refresh_from_db()
    assert request_of_jeanne.thanks == "Merci !"


@pytest.mark.parametrize("state", ["unmet", "cancelled"])
def test_what_did_not_happen_is_told_too(jeanne, request_of_jeanne, state):
    if state == "unmet":
        services.give_up(request_of_jeanne, words="Personne de libre.")
        said = "Personne n’a pu venir"
    else:
        services.cancel(request_of_jeanne)
        said = "Votre demande est annulée"
    page = words(jeanne.get(texts.follow_path(request_of_jeanne)))
    assert said in page
    assert "Personne de libre." not in page
    assert "Annuler ma demande" not in page


def test_cancelling_takes_two_clicks_and_reading_cancels_nothing(jeanne, request_of_jeanne):
    url = texts.follow_path(request_of_jeanne)
    assert f'href="{url}annuler/"' in jeanne.get(url).content.decode()
    for _ in range(2):
        assert "Annuler cette demande" in words(jeanne.get(f"{url}annuler/"))
    request_of_jeanne.refresh_from_db()
    assert request_of_jeanne.state == RequestState.OPEN
    cancelled = jeanne.post(f"{url}annuler/", follow=True)
    assert "Votre demande est annulée" in words(cancelled)
    again = jeanne.post(f"{url}annuler/", follow=True)
    assert (again.status_code, "annulée" in words(again)) == (200, True)
    assert jeanne.get(f"{url}annuler/")["Location"] == url
    assert request_of_jeanne.steps.last().by_person == request_of_jeanne.person


def test_thanks_wait_for_the_end_and_are_not_endless(jeanne, request_of_jeanne):
    url = texts.follow_path(request_of_jeanne)
    assert jeanne.post(f"{url}merci/", {"words": "Merci !"})["Location"] == url
    agree(request_of_jeanne, make.a_volunteer())
    services.finish(request_of_jeanne, minutes=45)
    refused = jeanne.post(f"{url}merci/", {"words": "x" * 10_000})
    assert refused.status_code == 422
    assert "600 caractères au plus" in words(refused)
    assert "x" * 10_000 in refused.content.decode()
    refused = jeanne.post(f"{url}merci/", {"words": "Plombier, 30 € de l’heure."})
    assert (refused.status_code, "Plombier" in words(refused)) == (422, True)
    assert jeanne.get(f"{url}merci/").status_code == 405
    request_of_jeanne.refresh_from_db()
    assert request_of_jeanne.thanked_at is None


def test_the_page_shows_this_request_only_and_nothing_that_was_not_asked_here(jeanne, request_of_jeanne):
    other = make.asked_online(details="Autre demande")
    page = words(jeanne.get(texts.follow_path(request_of_jeanne)))
    for secret in ("Dupont", "rue Neuve", "Deuxième étage", "Autre demande", str(other.uid)):
        assert secret not in page


def test_the_page_is_kept_by_nobody_and_tells_its_address_to_nobody(jeanne, request_of_jeanne):
    url = texts.follow_path(request_of_jeanne)
    for answer in (jeanne.get(url), jeanne.get(f"{url}annuler/"), jeanne.post(f"{url}annuler/")):
        # « no-referrer » would have browsers send « Origin: null » with the forms of the page: refused, see below.
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer["Cache-Control"]


def test_a_landline_shown_on_the_screen_only_never_gives_the_volunteer_s_number(jeanne):
    make.a_known_person(phone=LANDLINE)
    request = make.asked_online(phone=LANDLINE)
    agree(request, make.a_volunteer())
    on_screen, sent = texts.follow_path(request, texts.ASKED), texts.follow_path(request)
    page = words(jeanne.get(on_screen))
    assert "Un voisin vient vous aider" in page
    assert "Alice" not in page
    assert ALICE_READS not in page
    assert "Alice" in words(jeanne.get(sent))
    services.finish(request, minutes=30)
    assert "Dire merci" not in words(jeanne.get(on_screen))
    assert jeanne.post(f"{on_screen}merci/", {"words": "Merci"})["Location"] == on_screen
    request.refresh_from_db()
    assert request.thanked_at is None


def test_once_an_agent_has_called_the_number_the_screen_says_it_all(jeanne):
    from accounts.models import Account

    request = make.asked_online(phone=LANDLINE)
    on_screen = texts.follow_path(request, texts.ASKED)
    assert "Nous vous appelons" in words(jeanne.get(on_screen))
    services.confirm(request, by_account=Account.objects.create_account(email="agent@ville.example"))
    agree(request, make.a_volunteer())
    assert "Alice vient vous aider" in words(jeanne.get(on_screen))


def test_who_asked_by_a_landline_may_cancel_from_the_screen(jeanne):
    request = make.asked_online(phone=LANDLINE)
    jeanne.post(texts.follow_path(request, texts.ASKED) + "annuler/")
    request.refresh_from_db()
    assert request.state == RequestState.CANCELLED
    # Nobody proved who they are.
    assert request.steps.last().by_person is None


def test_any_other_token_is_the_plain_404(jeanne, visit, request_of_jeanne, other_town):
    token = texts.follow_path(request_of_jeanne).split("/")[2]
    number, _, code = token.partition("-")
    with facing(other_town), transaction.atomic():
        foreign = texts.follow_path(request_of_jeanne).split("/")[2]
    plain = words(jeanne.get("/n-existe-pas/"))
    tampered = [
        f"{number}-{code[:-1]}{'A' if code[-1] != 'A' else 'B'}", f"{int(number) + 1}-{code}", foreign,
        number, "-", f"-{code}", f"{number}-", "é", "0" * 500, f"{'9' * 30}-{code}", f" {token}", f"{token}x",
    ]  # fmt: skip
    for wrong in tampered:
        for page in ("", "annuler/"):
            answer = jeanne.get(f"/suivi/{wrong}/{page}")
            assert (answer.status_code, words(answer)) == (404, plain), wrong
        assert jeanne.post(f"/suivi/{wrong}/merci/", {"words": "x"}).status_code == 404
    assert visit(SECOND_TOWN).get(f"/suivi/{token}/").status_code == 404
    assert jeanne.get(f"/suivi/{token}/").status_code == 200


def test_a_form_without_its_token_changes_nothing(request_of_jeanne):
    strict = Client(headers={"host": FIRST_TOWN}, enforce_csrf_checks=True)
    url = f"{texts.follow_path(request_of_jeanne)}annuler/"
    refused = strict.post(url)
    assert (refused.status_code, "Cette page a attendu trop longtemps" in words(refused)) == (403, True)
    token = strict.get(url).cookies["csrftoken"].value
    assert strict.post(url, headers={"X-CSRFToken": token, "Origin": "null"}).status_code == 403
    request_of_jeanne.refresh_from_db()
    assert request_of_jeanne.state == RequestState.OPEN
    assert strict.post(url, headers={"X-CSRFToken": token, "Origin": f"http://{FIRST_TOWN}"}).status_code == 302


def test_the_page_costs_few_queries(jeanne, request_of_jeanne, django_assert_max_num_queries):
    url = texts.follow_path(request_of_jeanne)
    agree(request_of_jeanne, make.a_volunteer())
    jeanne.get(url)
    # The town, its pulse, its transaction in the test's; two are this page's own: the request, and who goes.
    with django_assert_max_num_queries(7):
        jeanne.get(url)
