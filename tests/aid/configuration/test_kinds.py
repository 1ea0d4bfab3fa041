"""Kinds of help are the town's own: their form in the back-office, their season, the questions that they may ask."""

import datetime
import io

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images.models import Image

from accounts.models import Account
from aid.configuration.enums import Asking, Helping, Mode
from aid.configuration.kinds import KindOfHelp
from aid.configuration.questions import check_answers, check_questions
from aid.onboarding.enums import StepKind
from harness.databases import FIRST_TOWN
from harness.pictures import picture
from harness.steps import a_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(town) -> Client:
    """Somebody who administers the first town, signed in."""
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(Account.objects.get(email="administration@pont-sainte-maxence.example"))
    return client


def sent(**changes) -> dict:
    """What the form of a new kind sends."""
    usual = {
        "name": "Déménager un meuble",
        "slug": "demenager-un-meuble",
        "description": "À plusieurs, c’est moins lourd.",
        "theme": "À la maison",
        "icon": "home",
        "usual_minutes": "90",
        "position": "80",
        "is_offered": "on",
        "askers": ["resident", "association"],
        "helpers": ["volunteer", "association"],
        "people_needed": "3",
        "mode": "candidates",
        "chooser": "coordinator",
        "wave_size": "10",
        "wave_minutes": "60",
        "hours_before_coordinator": "24",
        "first_month": "4",
        "last_month": "10",
        "questions-0-label": "Quel meuble ?",
        "questions-0-type": "text",
        "questions-2-label": "À quel étage ?",
        "questions-2-type": "choice",
        "questions-2-choices": "rez-de-chaussée\r\nun étage\r\n\r\nplus haut",
        "questions-2-is_required": "on",
    }
    return usual | changes


def errors(answer) -> str:
    """What the form says is wrong."""
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join(one.get_text(" ", strip=True) for one in page.select(".error-message"))


def test_an_administrator_writes_a_kind_of_help_and_all_that_it_says(administrator):
    add = reverse("kinds_of_help:add")
    answer = administrator.post(add, sent())
    assert answer.status_code == 302, errors(answer)
    kind = KindOfHelp.objects.get(slug="demenager-un-meuble")
    assert (kind.mode, kind.people_needed, kind.season) == (Mode.CANDIDATES, 3, "d’avril à octobre")
    assert kind.askers == [Asking.RESIDENT, Asking.ASSOCIATION]
    assert kind.helpers == [Helping.VOLUNTEER, Helping.ASSOCIATION]
    assert kind.questions == [
        {"label": "Quel meuble ?", "type": "text"},
        {
            "label": "À quel étage ?",
            "type": "choice",
            "choices": ["rez-de-chaussée", "un étage", "plus haut"],
            "is_required": True,
        },
    ]
    # Drawn again as it was written, one choice a line; the steps that it asks for are told, and lead to theirs.
    a_step(StepKind.IDENTITY, is_required=False).kinds.add(kind)
    page = BeautifulSoup(administrator.get(reverse("kinds_of_help:edit", args=[kind.pk])).content, "html.parser")
    assert page.select_one("#id_questions-1-choices").get_text().strip() == "rez-de-chaussée\nun étage\nplus haut"
    assert page.select_one("[name=first_month] option[selected]")["value"] == "4"
    assert "il faut\u00a0: Pièce d’identité." in page.get_text()
    assert page.select_one(f"a[href='{reverse('steps:index')}']")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"questions-0-label": "Êtes-vous malade ?"}, "ne posez pas de question sur la santé"),
        ({"questions-2-choices": "en fauteuil\nmaladie de Parkinson"}, "ne posez pas de question sur la santé"),
        ({"questions-2-choices": "un seul"}, "entre deux réponses au moins"),
        ({"questions-0-choices": "oui\nnon"}, "seul un choix a des réponses"),
        ({"questions-0-label": "", "questions-0-choices": "oui"}, "Une question a des mots"),
        ({"questions-2-label": "Quel meuble ?"}, "Deux questions sont les mêmes"),
        ({"askers": []}, "Dites qui peut demander."),
        ({"helpers": []}, "Dites qui peut aider."),
        ({"people_needed": "31"}, "entre 1 et 30"),
        ({"usual_minutes": "une heure"}, "Écrivez un nombre entier."),
        ({"wave_size": "0"}, "de 1 à 500"),
        ({"hours_before_coordinator": "9999"}, "nombre d’heures"),
        ({"last_month": ""}, "un premier et un dernier mois"),
        ({"name": "Une visite"}, "Cette aide existe déjà."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(administrator, wrong, said):
    answer = administrator.post(reverse("kinds_of_help:add"), sent(**wrong))
    assert answer.status_code == 200
    assert said in errors(answer)
    assert not KindOfHelp.objects.filter(slug="demenager-un-meuble").exists()
    page = BeautifulSoup(answer.content, "html.parser")
    kept = sent(**wrong)
    for name in ("name", "description", "wave_minutes"):
        assert page.select_one(f"main [name={name}]")["value"] == kept[name]
    questions = [one["value"] for one in page.select("[name^=questions][name$=label]") if one.get("value")]
    assert questions == [kept[name] for name in ("questions-0-label", "questions-2-label") if kept[name]]


def test_html_in_a_question_is_words(administrator):
    answer = administrator.post(
        reverse("kinds_of_help:add"), sent(**{"questions-0-label": '"><script>', "people_needed": "0"})
    )
    assert '<script>"' not in answer.content.decode()
    assert "&quot;&gt;&lt;script&gt;" in answer.content.decode()


@pytest.mark.parametrize(
    "label",
    [
        "Quel est votre état de santé ?",
        "Avez-vous un handicap ?",
        "Prenez-vous un TRAITEMENT ?",
        "Des allergies ?",
        "Êtes-vous diabétique ?",
        "Quel médecin ?",
    ],
)
def test_questions_on_health_are_refused(label):
    with pytest.raises(ValidationError, match="santé"):
        check_questions([{"label": label, "type": "text"}])


@pytest.mark.parametrize(
    "label", ["Dans quel magasin ?", "Faut-il attendre devant la pharmacie ?", "Une attention pour le chat ?"]
)
def test_other_questions_are_not(label):
    check_questions([{"label": label, "type": "yes_no"}])


def test_answers_are_those_of_the_questions_alone(town):
    kind = KindOfHelp(
        questions=[
            {"label": "Des outils ?", "type": "yes_no", "is_required": True},
            {"label": "Lesquels ?", "type": "text"},
        ]
    )
    said = {"Des outils ?": "oui", "Lesquels ?": " ", "Autre ?": "x"}
    assert check_answers(kind.asked, said) == {"Des outils ?": "oui"}
    for wrong, words in (
        ({}, "Répondez"),
        ({"Des outils ?": "peut-être"}, "n’est pas possible"),
        ({"Des outils ?": "oui", "Lesquels ?": "é" * 301}, "300 caractères"),
    ):
        with pytest.raises(ValidationError, match=words):
            check_answers(kind.asked, wrong)


def test_a_season_may_run_over_the_new_year():
    winter = KindOfHelp(first_month=11, last_month=2)
    assert [month for month in range(1, 13) if winter.is_in_season(datetime.date(2027, month, 15))] == [1, 2, 11, 12]
    with pytest.raises(ValidationError, match="de novembre à février"):
        winter.check_day(datetime.date(2027, 7, 1))
    assert KindOfHelp(description="Pelleter la neige.", first_month=11, last_month=2).summary == (
        "Pelleter la neige. De novembre à février."
    )


# Wagtail leaves the temporary file of a rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_picture_takes_the_place_of_the_drawing_where_a_help_is_chosen(town, visit):
    kinds = list(KindOfHelp.objects.offered())

    def shown(path):
        page = BeautifulSoup(visit(FIRST_TOWN).get(path).content, "html.parser")
        return [(one["alt"], one["width"], one["height"]) for one in page.select("img.disc")]

    def cost():
        visit(FIRST_TOWN).get("/demander/")  # what is made once is made by now
        with CaptureQueriesContext(connection) as log:
            assert len(shown("/demander/")) == KindOfHelp.objects.exclude(picture=None).count()
        return len(log)

    assert shown("/demander/") == shown("/") == []
    costs = []
    for kind in kinds[:3]:
        kind.picture = Image.objects.create(title="Café", file=ImageFile(io.BytesIO(picture()), "cafe.jpg"))
        kind.save()
        cache.clear()  # the commit's own pulse does it
        costs.append(cost())
    assert costs[0] == costs[1] == costs[2]
    assert shown("/demander/") == shown("/?apres") == [("", "128", "128")] * 3
