"""The letter of a year: one page each, by post or by e-mail, once; never to who left, nor without an address."""

import datetime
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aid.notifications.models import Message
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import leave, take
from aid.people.enums import Channel
from aid.people.models import Person
from aid.privacy import rights
from aid.privacy.enums import RightKind, Via
from aid.privacy.models import Access
from aid.recognition import letters
from aid.recognition.letters import readers_of, send_batch
from aid.recognition.models import YearlyLetter
from aid.recognition.services import send_letter, write_letter
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_volunteer
from harness.giving import gave
from tenants.context import facing

pytestmark = pytest.mark.django_db
PAGE = "/bureau/benevoles/lettre/"
YEAR = timezone.localdate().year
DAY = datetime.date(YEAR, 1, 5)


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@pytest.fixture
def three(alice, jeanne):
    """Alice by post, Paul by e-mail, Rose without an address; each gave time this year."""
    paul, rose = make_volunteer("Paul", phone="+33639981001"), make_volunteer("Rose", phone="+33639981002")
    Person.objects.filter(pk=alice.person_id).update(address="7 rue du Four")
    Person.objects.filter(pk=paul.person_id).update(email="paul@exemple.example", channel=Channel.EMAIL, address="x")
    for one in (alice, paul, rose):
        one.person.refresh_from_db()
        gave(one, 75, to=jeanne, day=DAY, thanks="Merci pour le pain.")
        gave(one, 120, to=jeanne, day=DAY.replace(year=YEAR - 1), thanks="Merci de l’an passé.")
    return alice, paul, rose


def names(readers):
    return [one.person.first_name for one in readers]


def test_each_is_reached_one_way_with_what_they_gave_that_year(three):
    found = readers_of(YEAR)
    assert (names(found.on_paper), names(found.by_email), names(found.without_address)) == (
        ["Alice"],
        ["Paul"],
        ["Rose"],
    )
    (one,) = found.on_paper
    assert (one.gave.replace("\u00a0", " "), one.thanks) == (
        "1 h 15 à vos voisins, en 1 service",
        ["Merci pour le pain."],
    )
    assert readers_of(YEAR - 2).on_paper == []


def test_a_long_thank_you_is_cut_to_keep_the_letter_a_page(three, jeanne):
    gave(three[0], 30, to=jeanne, day=DAY, thanks="Merci ! " * 70)
    long = readers_of(YEAR).on_paper[0].thanks[0]
    assert len(long) <= 200
    assert long.endswith("…")


def test_who_left_is_suspended_or_objects_gets_none(three):
    alice, paul, rose = three
    leave(alice)
    take(paul, SUSPEND)
    rights.ask(person=rose.person, kind=RightKind.OBJECT, via=Via.SITE)
    found = readers_of(YEAR)
    assert found.on_paper == found.by_email == found.without_address == []


def test_an_agent_writes_prints_and_sends_it(desk, three, tmp_path):
    page = text_of(desk.get(PAGE))
    assert "Vous avez donné de votre temps" in page, "words of ours to begin with"
    assert "Imprimer les lettres" not in page, "once somebody has read and kept it"
    assert "enregistrez d’abord" in text_of(desk.post(f"{PAGE}papier.pdf?annee={YEAR}", follow=True))
    assert "Écrivez quelques mots." in text_of(desk.post(PAGE, {"words": "  "}))
    assert "1500 signes au plus" in text_of(desk.post(PAGE, {"words": "x" * 1501}))
    desk.post(f"{PAGE}?annee={YEAR}", {"words": "Chers amis,\r\n\r\nMerci à chacun de vous."})
    answer = desk.post(f"{PAGE}papier.pdf?annee={YEAR}")
    (tmp_path / "page.pdf").write_bytes(answer.content)
    reader = shutil.which("pdftotext") or pytest.fail("poppler-utils is missing")
    run = subprocess.run([reader, str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True)
    told = " ".join(run.stdout.replace("\u00a0", " ").split())
    for words in (
        "Alice Morel",
        "7 rue du Four",
        "60700 Pont-Sainte-Maxence",
        "Merci à chacun de vous.",
        "1 h 15",
        "« Merci pour le pain. »",
    ):
        assert words in told, words
    for hidden in ("Paul", "Rose", "l’an passé", "Canari"):
        assert hidden not in told, hidden
    read = Access.objects.get(screen="letter")
    assert (read.person, read.by_account.first_name) == (three[0].person, "Nadia")
    assert "une seule fois" in text_of(desk.post(f"{PAGE}envoyer/?annee={YEAR}", follow=True))
    assert YearlyLetter.objects.get().sent_by.first_name == "Nadia"


@pytest.mark.parametrize("year", ["1999", "9999", "26", "²026", str(YEAR + 1), "'"])
def test_years_that_are_none_are_absent(desk, three, year):
    assert desk.get(f"{PAGE}?annee={year}").status_code == 404
    with pytest.raises(ValidationError):
        write_letter(year=9999, words="Merci", by_account=None)


def test_by_e_mail_each_once_in_batches(three, jeanne, agent, monkeypatch):
    letter = write_letter(year=YEAR, words="Merci à chacun de vous.", by_account=agent)
    monkeypatch.setattr(letters, "BATCH", 2)
    for number in range(3):
        one = make_volunteer(f"Zélie{number}")
        Person.objects.filter(pk=one.person_id).update(email=f"z{number}@exemple.example", channel=Channel.EMAIL)
        one.person.refresh_from_db()
        gave(one, 30, to=jeanne, day=DAY)
    for _ in range(2):
        after, batches = 0, 0
        while after is not None:
            after, batches = send_batch(letter, after=after), batches + 1
        assert batches == 3
    sent = Message.objects.filter(kind="letter")
    assert sent.count() == 4
    mail = sent.get(person=three[1].person)
    assert mail.subject == f"Merci pour l’année {YEAR}"
    for words in ("Bonjour Paul,", "Merci à chacun de vous.", "1 h 15 à vos voisins", "« Merci pour le pain. »"):
        assert words in mail.body.replace("\u00a0", " "), words
    assert "Canari" not in mail.body


def test_very_many_are_printed_in_several_files(desk, three, jeanne, agent, monkeypatch):
    for number in range(4):
        one = make_volunteer(f"Paul{number}")
        Person.objects.filter(pk=one.person_id).update(address="1 rue du Four")
        gave(one, 30, to=jeanne, day=DAY)
    monkeypatch.setattr(letters, "A_FILE", 2)
    write_letter(year=YEAR, words="Merci.", by_account=agent)
    assert readers_of(YEAR).files == [(0, 1, 2), (1, 3, 4), (2, 5, 5)]
    assert "Imprimer les lettres 3 à 4 (PDF)" in text_of(desk.get(PAGE))
    answer = desk.post(f"{PAGE}papier.pdf?annee={YEAR}", {"fichier": "2"})
    assert answer.content.startswith(b"%PDF")
    assert Access.objects.filter(screen="letter").count() == 1
    assert desk.post(f"{PAGE}papier.pdf?annee={YEAR}", {"fichier": "9"}).status_code == 302
    assert desk.post(f"{PAGE}papier.pdf?annee={YEAR}", {"fichier": "x"}).status_code == 404


def test_it_is_written_before_it_is_sent(three, agent):
    with pytest.raises(ValidationError, match="enregistrez"):
        send_letter(year=YEAR, by_account=agent)


def test_many_cost_as_many_questions_as_few(desk, three, jeanne):
    counts = []
    for _ in range(2):
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as log:
            desk.get(PAGE)
        counts.append(len(log))
        for number in range(10):
            gave(make_volunteer(f"Paul{number}"), 30, to=jeanne, day=DAY, thanks="Merci.")
    assert counts[0] == counts[1]
    assert counts[0] <= 16, counts


def test_towns_do_not_mix(three, other_town):
    with facing(other_town):
        assert readers_of(YEAR).on_paper == []


def test_a_coordinator_does_not_write_to_all(visit, three):
    browser = visit(FIRST_TOWN)
    browser.force_login(make_account("secteur@ccas.example", "Coordinateurs"))
    assert browser.get(reverse("desk:yearly_letter")).status_code == 404
