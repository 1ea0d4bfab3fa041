"""Steps and charter as administrators set them."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from aid.configuration.models import KindOfHelp
from aid.onboarding.charters import CHARTER, Fate, Layout, blocks, differences
from aid.onboarding.enums import StepKind
from aid.onboarding.models import Charter, Step
from aid.onboarding.passing import current_charter
from aid.onboarding.services import admit
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account
from harness.loop import somebody
from harness.steps import a_charter, a_step, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def chief(visit):
    client = visit(FIRST_TOWN)
    client.force_login(make_account("maire@ccas.example", "Administrateurs", first_name="Maud"))
    return client


def text_of(answer):
    return BeautifulSoup(answer.content, "html.parser").select_one("main").get_text(" ", strip=True)


def step_form(**changes):
    usual = {"name": "Permis", "kind": "other", "words": "", "position": "50", "proof": "seen", "is_asked": "on"}
    return usual | {"minutes": "", "validity_months": "", "asked_from": ""} | changes


def test_an_administrator_adds_a_step_for_one_kind_of_help(chief):
    kind = KindOfHelp.objects.first()
    answer = chief.post(reverse("steps:add"), step_form(is_required="on", kinds=[str(kind.pk)], validity_months="24"))
    assert answer.status_code == 302, text_of(answer)
    step = Step.objects.get(name="Permis")
    assert (list(step.kinds.all()), step.validity_months, step.is_required) == ([kind], 24, True)
    assert "Permis" in text_of(chief.get(reverse("steps:index")))


def test_a_new_step_is_asked_of_who_helps_from_a_day_two_months_away_unless_said(chief):
    page = BeautifulSoup(chief.get(reverse("steps:add")).content, "html.parser")
    assert page.select_one("[name=asked_from]")["value"]
    admit(person=somebody("Alice"))
    refused = chief.post(reverse("steps:add"), step_form(is_required="on"))
    assert "plus rien ne serait proposé" in text_of(refused)
    assert not Step.objects.filter(name="Permis").exists()
    assert chief.post(reverse("steps:add"), step_form(is_required="on", asked_from=f"{in_days(60)}")).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "training"}, "combien de minutes"),
        ({"minutes": "30"}, "Seule une formation"),
        ({"kind": "record", "proof": "kept"}, "ne se garde jamais"),
        ({"validity_months": "0"}, "un mois au moins"),
    ],
)
def test_what_no_step_may_be_is_said_next_to_its_field(chief, changes, words):
    answer = chief.post(reverse("steps:add"), step_form(**changes))
    assert words in text_of(answer)
    assert not Step.objects.filter(name="Permis").exists()


def test_one_charter_is_asked(chief):
    a_step(StepKind.CHARTER)
    answer = chief.post(reverse("steps:add"), step_form(kind="charter"))
    assert "déjà une étape pour signer la charte" in text_of(answer)


def test_a_new_version_shows_what_changes_then_is_published_and_never_edited(chief):
    current = a_charter()
    form = {
        "text": f"{current.text}\nNous ne vendons rien.",
        "asked_from": f"{in_days(30)}",
        "based_on": current.number,
    }
    seen = chief.post(reverse("charter:publish"), form | {"see": "1"})
    assert "Ajouté\u00a0: Nous ne vendons rien." in text_of(seen)
    assert current_charter() == current, "looking publishes nothing"
    assert chief.post(reverse("charter:publish"), form | {"publish": "1"}).status_code == 302
    published = current_charter()
    assert (published.number, published.published_by.first_name) == (current.number + 1, "Maud")
    shown = text_of(chief.get(reverse("charter:version", args=[published.number])))
    assert "Ajouté\u00a0: Nous ne vendons rien." in shown
    assert f"Version {current.number}" in text_of(chief.get(reverse("charter:index")))
    assert chief.get(reverse("charter:version", args=[999])).status_code == 404


def test_who_wrote_on_an_older_version_is_told_and_loses_nothing(chief):
    read = a_charter()
    a_charter("Une autre, entre-temps.")
    form = {"text": "La mienne.", "asked_from": f"{in_days(30)}", "based_on": read.number, "publish": "1"}
    answer = chief.post(reverse("charter:publish"), form)
    assert "Une autre version vient d’être publiée" in text_of(answer)
    assert "La mienne." in answer.content.decode()
    assert current_charter().text == "Une autre, entre-temps."


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"text": ""}, "Écrivez le texte"), ({"asked_from": ""}, "Choisissez un jour"), ({}, "rien ne change")],
)
def test_a_version_that_says_nothing_new_is_refused(chief, changes, words):
    current = a_charter()
    form = {"text": current.text, "asked_from": f"{in_days(9)}", "based_on": current.number, "publish": "1"}
    assert words in text_of(chief.post(reverse("charter:publish"), form | changes))
    assert current_charter() == current


def test_a_past_day_is_refused(chief):
    current = a_charter()
    form = {"text": "Autre.", "asked_from": f"{in_days(-1)}", "based_on": current.number, "publish": "1"}
    assert "un jour à venir" in text_of(chief.post(reverse("charter:publish"), form))


def test_the_charter_is_printed_to_be_signed(chief):
    charter = a_charter(CHARTER)
    answer = chief.get(reverse("charter:print", args=[charter.number]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_others_see_none_of_it(visit, chief):
    agent = visit(FIRST_TOWN)
    agent.force_login(make_account("accueil2@ccas.example", "Agents"))
    current = a_charter()
    for name, args in (("index", []), ("publish", []), ("version", [current.number]), ("print", [current.number])):
        assert agent.get(reverse(f"charter:{name}", args=args)).status_code in {302, 403, 404}
        assert visit(SECOND_TOWN).get(reverse(f"charter:{name}", args=args)).status_code in {302, 403, 404}
    form = {"text": "Piratée.", "asked_from": f"{in_days(9)}", "based_on": current.number, "publish": "1"}
    agent.post(reverse("charter:publish"), form)
    assert not Charter.objects.filter(text="Piratée.").exists()


def test_a_text_is_laid_out_by_its_lines():
    laid = blocks("Bonjour à vous.\n\nUn titre\n- un\n- deux\nFin.")
    assert [(one.layout, one.lines) for one in laid] == [
        (Layout.TEXT, ("Bonjour à vous.",)),
        (Layout.TITLE, ("Un titre",)),
        (Layout.ITEM, ("un", "deux")),
        (Layout.TEXT, ("Fin.",)),
    ]
    assert differences("a.\nb.", "a.\nc.") == [(Fate.KEPT, "a."), (Fate.REMOVED, "b."), (Fate.ADDED, "c.")]
    assert differences("a.\n\nb.", "a.\nb.") == []
    assert differences("a.\nb.\nc.\nd.\ne.", "a.\nb.\nc.\nd.\nz.") == [
        (Fate.KEPT, "d."),
        (Fate.REMOVED, "e."),
        (Fate.ADDED, "z."),
    ]
    assert (Fate.KEPT, "…") in differences("a.\nb.\nc.\nd.\ne.", "x.\nb.\nc.\nd.\nz.")


def test_the_charter_that_towns_begin_with_says_what_teams_of_visitors_ask():
    said = CHARTER.lower()
    for point in ("cadeau", "héritage", "arrêter", "famille", "remplacez", "n’en parlez", "inquiète", "accord"):
        assert point in said, point
    assert [len(block.lines) for block in blocks(CHARTER) if block.layout is Layout.ITEM] == [3, 4, 3, 4, 3, 3]
