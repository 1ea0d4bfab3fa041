"""The town's own questions, who may ask for what, and seasons, at the site's own door."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from aid.configuration.enums import Asking
from aid.configuration.kinds import KindOfHelp
from aid.configuration.models import Rules
from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.help_requests.enums import GIVEN, AskedBy
from aid.help_requests.models import HelpRequest
from aid.help_requests.retained import forget_words
from aid.help_requests.services import finish
from aid.help_requests.texts import follow_path
from aid.notifications.models import Message
from aid.onboarding.associations import speak_for
from aid.partners.enums import PartnerKind
from aid.partners.models import Partner
from aid.privacy.holdings import known_of
from aid.proposals.models import Proposal
from aid.proposals.texts import answer_path
from harness import loop
from harness import requests as make
from harness.databases import FIRST_TOWN
from harness.desk import make_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
WHAT, WHEN, YOU = "/demander/", "/demander/quand/", "/demander/vous/"
QUESTIONS = [
    {"label": "Avez-vous les outils ?", "type": "yes_no", "is_required": True},
    {"label": "Quelle pièce ?", "type": "choice", "choices": ["la cuisine", "le salon"]},
    {"label": "Autre chose ?", "type": "text"},
]


@pytest.fixture
def kind() -> KindOfHelp:
    """The first kind of help, with three questions."""
    first = loop.visits()
    first.questions = QUESTIONS
    first.save()
    return first


@pytest.fixture
def jeanne(visit):
    return visit(FIRST_TOWN)


def up_to_you(client, kind, day="tomorrow"):
    """The first two steps."""
    client.post(WHAT, {"kind": kind.slug})
    return client.post(WHEN, {"day_choice": day, "moment": "any"})


def about_you(kind, *answers, **more):
    """What the last page sends."""
    named = {f"question_{kind.pk}_{rank}": answer for rank, answer in enumerate(answers)}
    return {"first_name": "Jeanne", "phone": "06 39 98 00 01"} | named | more


def test_what_is_answered_is_kept_and_read_by_who_comes_alone(jeanne, kind):
    up_to_you(jeanne, kind)
    page = BeautifulSoup(jeanne.get(YOU).content, "html.parser")
    assert [one.get_text(strip=True) for one in page.select("fieldset.choices > legend")] == [
        "Avez-vous les outils ?",
        "Quelle pièce ?",
    ]
    answer = jeanne.post(YOU, about_you(kind, "oui", "", "CANARI <b>rouge</b>"))
    assert answer.status_code == 302
    request = HelpRequest.objects.get()
    assert request.answers == {"Avez-vous les outils ?": "oui", "Autre chose ?": "CANARI <b>rouge</b>"}
    alice, bob = loop.volunteer("Alice", "+33639980011"), loop.volunteer("Bob", "+33639980012")
    loop.confirm(request)
    loop.agree(request, alice)
    asked, _ = Proposal.objects.get_or_create(request=request, volunteer=bob)
    theirs = Proposal.objects.get(request=request, volunteer=alice)
    read = jeanne.get(answer_path(theirs)).content.decode()
    assert "CANARI &lt;b&gt;rouge" in read
    assert "Avez-vous les outils" in read
    assert "CANARI" not in jeanne.get(answer_path(asked)).content.decode()
    assert not Message.objects.filter(body__contains="CANARI").exists()
    # Told to her, then forgotten with the words.
    assert "Autre chose ? CANARI" in str(known_of(request.person))
    forget_words([request.pk])
    request.refresh_from_db()
    assert request.answers == {}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("", "le salon", "rien"), "Répondez à « Avez-vous les outils ? »."),
        (("peut-être", "le salon", "rien"), "cette réponse n’est pas possible"),
        (("oui", "la cave", "rien"), "cette réponse n’est pas possible"),
        (("oui", "le salon", "é" * 301), "écrivez 300 caractères au plus"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_question_and_the_rest_stays(jeanne, kind, answers, said):
    up_to_you(jeanne, kind)
    answer = jeanne.post(YOU, about_you(kind, *answers, details="Frappez fort."))
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    told = page.select_one("[data-field=validation]")
    assert said in told.get_text().replace("\xa0", " ")
    assert page.select_one("[name=details]").get_text().strip() == "Frappez fort."
    assert page.select_one(f"[name=question_{kind.pk}_2]")["value"] == answers[2]
    assert not HelpRequest.objects.exists()


def test_residents_see_what_they_may_ask_for_and_say_for_whom(jeanne, kind):
    for_associations = KindOfHelp.objects.exclude(pk=kind.pk).first()
    for_associations.askers = [Asking.ASSOCIATION, Asking.TOWN]
    for_associations.save()
    kind.questions, kind.askers = [], [Asking.CARER]
    kind.save()
    page = jeanne.get(WHAT).content.decode()
    assert f'value="{kind.slug}"' in page
    assert f'value="{for_associations.slug}"' not in page
    assert jeanne.post(WHAT, {"kind": for_associations.slug}).status_code == 422
    up_to_you(jeanne, kind)
    refused = jeanne.post(YOU, about_you(kind))
    assert refused.status_code == 422
    assert "peut être demandée par un aidant, pas par un habitant" in refused.content.decode()
    assert not HelpRequest.objects.exists()
    accepted = jeanne.post(YOU, about_you(kind, is_for_somebody="on", asked_by_name="Claire"))
    assert accepted.status_code == 302
    assert HelpRequest.objects.get().asked_by == AskedBy.RELATIVE


def test_a_day_out_of_season_is_told_beside_the_day(jeanne, kind):
    month = (make.tomorrow() + datetime.timedelta(days=40)).month
    kind.questions, kind.first_month, kind.last_month = [], month, month
    kind.save()
    assert kind.season in jeanne.get(WHAT).content.decode().lower()
    answer = up_to_you(jeanne, kind)
    assert answer.status_code == 422
    assert "n’est pas proposée ce mois-là" in answer.content.decode()
    with pytest.raises(ValidationError, match="ce mois-là"):
        make.asked_online(kind=kind)


def test_an_association_asks_and_nobody_counts_as_helped(jeanne, town):
    agent, alice = make_account("agent@exemple.example"), loop.volunteer("Alice", "+33639980011")
    request = make.asked_by_phone(
        make.a_known_person(first_name="Paul"), agent, asked_by=AskedBy.ASSOCIATION, asked_by_name="Le Club"
    )
    loop.agree(request, alice)
    request.refresh_from_db()
    theirs = Proposal.objects.get(request=request, volunteer=alice)
    assert "Le Club" in jeanne.get(answer_path(theirs)).content.decode()
    finish(request, minutes=30)
    assert HelpRequest.objects.get().state in GIVEN
    assert Fact.objects.filter(kind=FactKind.SERVICE_DONE).count() == 1
    assert not Fact.objects.filter(kind=FactKind.PERSON_HELPED).exists()
    visits = loop.visits()
    visits.askers = [Asking.RESIDENT]
    visits.save()
    with pytest.raises(ValidationError, match="par un habitant, pas par la ville"):
        make.asked_by_phone(make.a_known_person(phone="+33639980009"), agent, asked_by=AskedBy.TOWN)


def test_who_comes_for_an_association_is_named_with_it(jeanne, town):
    agent, alice = make_account("agent@exemple.example"), loop.volunteer("Alice", "+33639980011")
    association = Partner.objects.create(name="Les Petits Frères", kind=PartnerKind.ASSOCIATION)
    speak_for(alice, association, by_account=agent)
    visits = loop.visits()
    visits.helpers = ["volunteer", "association"]
    visits.save()
    request = loop.open_request(make.a_known_person())
    loop.agree(request, alice)
    assert "Alice, pour Les Petits Frères" in Message.objects.get(kind="agreed").body
    assert "Alice, pour Les Petits Frères vient vous aider" in jeanne.get(follow_path(request)).content.decode()


def test_professionals_are_shown_apart_where_the_kind_says_so(jeanne, kind):
    request = loop.open_request(make.a_known_person())
    assert "/professionnels/" not in jeanne.get(follow_path(request)).content.decode()
    kind.shows_professionals = True
    kind.save()
    Rules.objects.update(has_professionals=False)
    assert "/professionnels/" not in jeanne.get(follow_path(request)).content.decode()
    Rules.objects.update(has_professionals=True)
    assert "ils sont payants" in jeanne.get(follow_path(request)).content.decode()


def test_kinds_are_under_their_themes_where_themes_gather_them(jeanne, town):
    page = BeautifulSoup(jeanne.get(WHAT).content, "html.parser")
    assert [one.get_text() for one in page.select("fieldset h2")] == ["À la maison", "Dehors"]
    assert len(page.select("[name=kind]")) == KindOfHelp.objects.offered().count()
    KindOfHelp.objects.update(theme="")
    assert not BeautifulSoup(jeanne.get(WHAT).content, "html.parser").select("fieldset h2")
