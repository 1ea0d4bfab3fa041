"""The word said at the door: sealed, read by who is awaited while they are, by her, and by who she phones."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aid.cards.models import SpokenWord
from aid.cards.words import forget_word, keep_word, word_for
from aid.help_requests.models import HelpRequest
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.privacy import forgetting, merging
from aid.privacy.enums import Act, SeenOn
from aid.privacy.services import accesses_to, exported
from aid.proposals.services import accept, ask_volunteers
from aid.proposals.texts import answer_path
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person
from harness.loop import ALICE_PHONE, jeanne, let_the_hour_pass, open_request, volunteer
from tenants.context import facing

pytestmark = pytest.mark.django_db
WORD = "Canaripassereau"


@pytest.fixture
def her(town):
    return jeanne()


@pytest.fixture
def nadia(town):
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account("nadia@ccas.example", "Agents"))
    return client


@pytest.fixture
def visit_to_her(her):
    """Alice said yes to Jeanne, Lucie did not answer: (proposal of Alice, of Lucie)."""
    alice, lucie = volunteer("Alice", ALICE_PHONE), volunteer("Lucie", "+33639980033")
    request = open_request(her)
    ask_volunteers(request.pk)
    proposals = [request.proposals.get(volunteer=one) for one in (alice, lucie)]
    accept(proposals[0])
    return proposals


def read(proposal):
    return Client(headers={"host": FIRST_TOWN}).get(answer_path(proposal)).content.decode()


def test_the_word_is_sealed(her):
    keep_word(her, text=f"  {WORD} ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(word)::text FROM cards_spokenword AS word")
        assert WORD not in cursor.fetchone()[0]
    assert SpokenWord.objects.get().get_sealed_display() == WORD


def test_who_goes_to_her_reads_it_and_that_is_kept(her, visit_to_her):
    going, other = visit_to_her
    assert "Le mot à dire" not in read(going)
    keep_word(her, text=WORD)
    assert WORD in read(going)
    assert WORD not in read(other)
    last = accesses_to(her).filter(screen=SeenOn.WORD, act=Act.READ).get()
    assert last.by_person == going.volunteer.person


def test_nobody_reads_it_once_it_serves_no_more(her, visit_to_her):
    keep_word(her, text=WORD)
    going, _ = visit_to_her
    let_the_hour_pass(going.request)
    assert WORD not in read(going)
    HelpRequest.objects.update(day=timezone.localdate(), ends_at=timezone.now() + timezone.timedelta(hours=1))
    assert WORD in read(going)
    take(going.volunteer, SUSPEND)
    assert WORD not in read(going), "who is suspended has a link in her SMS still"


def test_who_forgot_the_word_has_none_to_be_told(her, visit_to_her):
    keep_word(her, text=WORD)
    forget_word(her)
    forget_word(her)
    assert word_for(visit_to_her[0].volunteer, her) == ""
    assert not SpokenWord.objects.exists()
    assert [one.act for one in accesses_to(her).filter(screen=SeenOn.WORD)] == [Act.CHANGED] * 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Écrivez un mot"),
        (" \n ", "Écrivez un mot"),
        ("ab", "lettres au moins"),
        ("12345", "lettres au moins"),
        ("x" * 41, "plus court"),
        ("JEANNE", "ne devine pas"),
    ],
)
def test_a_word_that_would_not_do_is_refused_next_to_its_field(her, nadia, text, says):
    with pytest.raises(ValidationError, match=says):
        keep_word(her, text=text)
    page = nadia.post(reverse("desk:person_word", args=[her.uid]), {"text": text})
    assert page.status_code == 200
    assert not SpokenWord.objects.exists()


def test_an_agent_keeps_reads_and_takes_it_away_for_who_phones(her, nadia):
    url = reverse("desk:person_word", args=[her.uid])
    assert nadia.post(url, {"text": WORD}).status_code == 302
    assert WORD in nadia.get(url).content.decode()
    for elsewhere in ("desk:person", "desk:person_accesses"):
        assert WORD not in nadia.get(reverse(elsewhere, args=[her.uid])).content.decode()
    acts = [one.act for one in reversed(list(accesses_to(her).filter(screen=SeenOn.WORD)))]
    assert acts == [Act.CHANGED, Act.READ]
    assert nadia.post(url, {"geste": "effacer"}).status_code == 302
    assert not SpokenWord.objects.exists()


def test_the_page_stands_without_the_key(her, nadia, settings, visit_to_her):
    keep_word(her, text=WORD)
    settings.MASTER_KEYS = []
    url = reverse("desk:person_word", args=[her.uid])
    assert "ne s’ouvre pas" in nadia.get(url).content.decode()
    page = nadia.post(url, {"text": "autre mot"}).content.decode()
    assert "n’a pas pu être gardé" in page
    assert "autre mot" in page
    assert "Le mot à dire" not in read(visit_to_her[0])


def test_coordinators_and_support_do_not_read_it(her, town):
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account("c@ccas.example", "Coordinateurs"))
    assert client.get(reverse("desk:person_word", args=[her.uid])).status_code in {403, 404}


def test_it_is_told_to_her_and_not_to_who_acts_for_her(her):
    keep_word(her, text=WORD)
    assert WORD in str(exported(her))
    assert WORD not in str(exported(her, to_another=True))


def test_she_chooses_changes_and_ends_it_in_her_space(her):
    account = make_account("jeanne@exemple.example")
    her.account = account
    her.save()
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account)
    url = reverse("personal:word")
    assert client.post(url, {"text": "Jeanne"}).status_code == 200
    assert client.post(url, {"text": WORD}).status_code == 302
    assert WORD in client.get(url).content.decode()
    assert client.post(url, {"text": "Moineau"}).status_code == 302
    assert SpokenWord.objects.get().get_sealed_display() == "Moineau"
    assert client.post(url, {"geste": "enlever"}).status_code == 302
    assert not SpokenWord.objects.exists()
    assert {one.by_person for one in accesses_to(her).filter(screen=SeenOn.WORD)} == {her}


def test_it_is_forgotten_with_her_and_one_is_left_of_two_cards_made_one(her):
    twin = make_person("Jeanne", "Autre", phone="+33199008888")
    keep_word(twin, text="Moineau")
    merging.merge(her, twin, take=(), seen=merging.preview(her, twin).seen, by_account=make_account("a@ccas.example"))
    assert SpokenWord.objects.get().person == her
    assert SpokenWord.objects.get().get_sealed_display() == "Moineau"
    forgetting.forget(her)
    assert not SpokenWord.objects.exists()


def test_the_other_town_has_nothing_of_it(her, nadia, other_town):
    keep_word(her, text=WORD)
    with facing(other_town):
        assert not SpokenWord.objects.exists()
        theirs = make_person("Simone")
    assert nadia.get(reverse("desk:person_word", args=[theirs.uid])).status_code == 404
    assert Client(headers={"host": SECOND_TOWN}).get(reverse("desk:person_word", args=[her.uid])).status_code == 302
