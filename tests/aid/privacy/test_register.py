"""The register says what the code does; it and what is known of somebody are printed, tagged, in French."""

import shutil
import subprocess

import pytest
from django.test import override_settings

from aid.configuration.models import Identity
from aid.privacy.holdings import declared
from aid.privacy.register import processings, register
from aid.privacy.retention import choose
from aid.privacy.retention import declared as retentions
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.loop import ADDRESS, SURNAME, jeanne, open_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PAGE, FILE = "/bureau/registre/", "/bureau/registre.pdf"


@pytest.fixture
def chief(visit):
    client = visit(FIRST_TOWN)
    client.force_login(make_account("maire@ccas.example", "Administrateurs"))
    return client


def text_of(content, tmp_path):
    """What a PDF says, as a reader takes it out."""
    (tmp_path / "page.pdf").write_bytes(content)
    reader = shutil.which("pdftotext") or pytest.fail("poppler-utils is missing")
    run = subprocess.run([reader, str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.replace("\u00a0", " ").split())


def test_every_room_that_holds_something_is_in_the_register():
    assert {one.model._meta.app_label for one in declared()} == {one.app for one in processings()}
    assert {key for one in processings() for key in one.kept} == {one.key for one in retentions()}


def test_it_tells_what_is_asked_by_law(chief):
    Identity.objects.update(
        publisher="CCAS de Pont", publication_director="Madame Roy", privacy_contact="dpo@exemple.example"
    )
    choose({"messages": 3}, by_account=None)
    with override_settings(HOSTING="Exemple SAS, Lyon"):
        page = chief.get(PAGE).content.decode().replace("\u00a0", " ")
    for words in (
        "CCAS de Pont", "Madame Roy", "dpo@exemple.example", "Exemple SAS, Lyon", "Répondre aux demandes",
        "Le bénévole qui a dit oui", "Une mission d’intérêt public", "3 mois après son envoi", "Sécurité",
        "Savoir qui a lu l’adresse", "aucun mot de passe",
    ):  # fmt: skip
        assert words in page, words


def test_it_names_every_field_that_is_told(chief):
    page = chief.get(PAGE).content.decode().lower()
    for label in ("année de naissance", "téléphone", "adresse e-mail", "précisions", "destinataire"):
        assert label in page
    entries = {one.title: one for one in register().entries}
    assert "prénom" in dict(entries["Tenir les fiches"].data)["Personne"]


def test_nobody_s_name_is_in_it(chief):
    open_request(jeanne())
    assert SURNAME not in chief.get(PAGE).content.decode()


def test_files_are_tagged_and_kept_by_no_browser(chief, visit):
    person = jeanne()
    agent = visit(FIRST_TOWN)
    agent.force_login(make_account("nadia@ccas.example", "Agents"))
    for client, path in ((chief, FILE), (agent, f"/bureau/personne/{person.uid}/informations.pdf")):
        answer = client.get(path)
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]
        assert b"/MarkInfo" in answer.content
        assert b"pdfuaid" in answer.content
        assert b"/Lang(fr" in answer.content
        assert SURNAME not in answer["Content-Disposition"]


@pytest.mark.debian
def test_what_is_known_of_her_is_read_on_paper(visit, tmp_path):
    person = jeanne()
    open_request(person)
    other = make_person("Odette", "Canariautre")
    agent = visit(FIRST_TOWN)
    agent.force_login(make_account("nadia@ccas.example", "Agents"))
    text = text_of(agent.get(f"/bureau/personne/{person.uid}/informations.pdf").content, tmp_path)
    for words in ("Ce que nous savons de vous", SURNAME, ADDRESS, "Vos demandes", "une mission d’intérêt public"):
        assert words in text, words
    assert other.last_name not in text


@pytest.mark.debian
def test_the_register_is_read_on_paper(chief, tmp_path):
    text = text_of(chief.get(FILE).content, tmp_path)
    for words in ("Registre des traitements", "Répondre aux demandes", "Sécurité", "Sous-traitant"):
        assert words in text, words
