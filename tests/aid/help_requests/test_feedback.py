"""« Cela s’est-il bien passé ? », on the page that follows a request."""

import re
from html import unescape

import pytest

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests import services, texts
from aid.help_requests.feedback import how_it_went, say_how_it_went
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError
from harness import requests as make
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import agree, let_the_hour_pass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
QUESTION = "Cela s’est-il bien passé"


@pytest.fixture
def browser(visit):
    return visit(FIRST_TOWN)


@pytest.fixture
def going():
    """Alice comes; it is to come."""
    make.a_known_person()
    return agree(make.asked_online(), make.a_volunteer())


@pytest.fixture
def ended(going):
    let_the_hour_pass(going)
    return HelpRequest.objects.get(pk=going.pk)


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split(" "))


def to_call():
    return [one.words for one in FollowUp.objects.open().filter(kind=FollowUpKind.TO_CALL)]


def test_it_is_asked_once_the_hour_has_passed(browser, going):
    url = texts.follow_path(going)
    assert QUESTION not in words(browser.get(url))
    browser.post(f"{url}bilan/", {"answer": "yes"})
    assert how_it_went(going) is None
    let_the_hour_pass(going)
    assert QUESTION in words(browser.get(url))
    assert how_it_went(going) is None, "looking changes nothing"
    assert browser.get(f"{url}bilan/").status_code == 405


def test_a_yes_is_kept_once_and_may_be_followed_by_thanks(browser, ended):
    services.finish(ended, minutes=30)
    url = texts.follow_path(ended)
    page = words(browser.post(f"{url}bilan/", {"answer": "yes"}, follow=True))
    assert "tout s’est bien passé. Merci" in page
    assert QUESTION not in page
    assert "Dire merci" in page
    browser.post(f"{url}bilan/", {"answer": "no", "how-words": "En fait non."})
    assert (how_it_went(ended), to_call()) == (True, [])
    step = ended.steps.get(name="went_well")
    assert (step.by_person, step.from_state) == (ended.person, "")


def test_a_no_says_why_and_has_the_town_call(browser, ended):
    url = texts.follow_path(ended)
    for typed, error in (("", "Écrivez quelques mots"), ("x" * 10_000, "600 caractères au plus")):
        refused = browser.post(f"{url}bilan/", {"answer": "no", "how-words": typed})
        assert (refused.status_code, error in words(refused), typed in words(refused)) == (422, True, True)
    assert how_it_went(ended) is None
    for _ in range(2):
        page = words(browser.post(f"{url}bilan/", {"answer": "no", "how-words": "<b>Personne</b> 🙂"}, follow=True))
    assert "L’équipe vous appelle" in page
    assert ["<b>Personne</b> 🙂" in told for told in to_call()] == [True]
    assert ended.steps.get(name="went_badly").words == "<b>Personne</b> 🙂"


def test_who_has_proved_nothing_says_nothing(browser, ended):
    url = texts.follow_path(ended, texts.ASKED)
    assert QUESTION not in words(browser.get(url))
    assert browser.post(f"{url}bilan/", {"answer": "yes"})["Location"] == url
    assert how_it_went(ended) is None
    assert browser.post("/suivi/1-faux/bilan/", {"answer": "yes"}).status_code == 404


def test_an_agent_says_it_for_her_and_it_is_traced(going):
    agent = make_account("agent@exemple.example")
    with pytest.raises(NotAllowedError):
        say_how_it_went(going, went_well=True, by_account=agent)
    let_the_hour_pass(going)
    say_how_it_went(going, went_well=False, words="x" * 700, by_account=agent)
    step = going.steps.get(name="went_badly")
    assert (step.by_account, len(step.words)) == (agent, 600)


def test_of_what_is_filed_or_did_not_take_place_nothing_is_asked(browser, ended):
    services.give_up(ended, words="Personne n’est venu.")
    with pytest.raises(NotAllowedError):
        say_how_it_went(ended, went_well=True)
    assert QUESTION not in words(browser.get(texts.follow_path(ended)))
