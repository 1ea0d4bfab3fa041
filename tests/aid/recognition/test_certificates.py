"""Certificates of engagement: true figures, a number, once a day; printed in French, tagged."""

import datetime
import re
import shutil
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from aid.configuration.models import Identity
from aid.onboarding.enums import PAUSE, SUSPEND
from aid.onboarding.services import leave, take
from aid.people.services import register_person
from aid.privacy import retention
from aid.privacy.forgetting import forget
from aid.privacy.merging import merge, preview
from aid.recognition.models import Certificate
from aid.recognition.printing import day_words, period_words
from aid.recognition.services import certify
from aid.recognition.volunteers import NotAVolunteerError
from harness.desk import make_account, make_person
from harness.giving import gave

pytestmark = pytest.mark.django_db
MINE = "/mon-espace/ce-que-vous-avez-donne/attestation.pdf"
JUNE = datetime.date(2025, 6, 3)


def text_of(content, tmp_path):
    (tmp_path / "page.pdf").write_bytes(content)
    reader = shutil.which("pdftotext") or pytest.fail("poppler-utils is missing")
    run = subprocess.run([reader, str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.replace("\u00a0", " ").split())


@pytest.fixture
def given(alice, jeanne):
    """Alice gave 3 h 15, over two years."""
    gave(alice, 75, to=jeanne, day=JUNE)
    gave(alice, 120, to=jeanne, day=timezone.localdate())
    return alice.person


def test_it_says_who_since_when_how_much_and_who_signs(signed_in, given, tmp_path):
    Identity.objects.update(publisher="CCAS de Pont", publication_director="Madame Roy")
    answer = signed_in(given).post(MINE, {"annee": "tout"})
    assert re.search(r'filename="attestation-\d{4}-\d\d-\d\d\.pdf"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    told, kept = text_of(answer.content, tmp_path), Certificate.objects.get()
    for words in (
        "Attestation d’engagement bénévole", "CCAS de Pont atteste que Alice Morel est bénévole",
        "Services rendus : 2", "Temps donné : 3 h 15", f"n° {kept.number}", "Madame Roy", "Signature et cachet",
        f"Bénévole depuis le : {day_words(given.volunteer.admitted_on)}", "sans salaire",
    ):  # fmt: skip
        assert words in told, words
    assert b"/MarkInfo" in answer.content or b"StructTreeRoot" in answer.content
    assert "Canari" not in told


def test_of_a_year_only_that_year_counts(given, tmp_path):
    assert (certify(given, year=2025).minutes, certify(given, year=timezone.localdate().year).minutes) == (75, 120)
    with pytest.raises(ValidationError, match="rien à attester"):
        certify(given, year=2023)


def test_the_same_figures_on_the_same_day_are_one_certificate(alice, given, jeanne, agent):
    first = certify(given)
    assert certify(given, by_account=agent) == first
    gave(alice, 30, to=jeanne, day=JUNE)
    assert certify(given) != first
    assert re.fullmatch(rf"{first.issued_on:%Y}-\d{{5,}}", first.number)


def test_who_may_have_one(alice, given, jeanne, agent):
    take(alice, PAUSE)
    certify(given)
    take(alice, SUSPEND)
    with pytest.raises(NotAVolunteerError):
        certify(given)
    leave(alice)
    with pytest.raises(NotAVolunteerError):
        certify(given)
    assert certify(given, by_account=agent).minutes == 195, "who left may need it: an agent prints it"
    with pytest.raises(NotAVolunteerError):
        certify(jeanne, by_account=agent)


def test_at_the_desk_for_who_has_no_account(desk, alice, given, tmp_path):
    url = reverse("desk:person_recognition", args=[given.uid])
    assert "3 h 15" in desk.get(url).content.decode().replace("\u00a0", " ")
    leave(alice)
    answer = desk.post(reverse("desk:person_certificate", args=[given.uid]), {"annee": "2025"})
    told = text_of(answer.content, tmp_path)
    assert "a été bénévole" in told
    assert "toute l’année 2025" in told
    kept = Certificate.objects.get()
    assert kept.by_account.first_name == "Nadia"
    assert kept.number in desk.get(url).content.decode()
    for wrong in ("", "2023", "25", "²025", "99999", "'"):
        assert desk.post(reverse("desk:person_certificate", args=[given.uid]), {"annee": wrong}).status_code == 404
    assert desk.get(reverse("desk:person_recognition", args=[make_person("Zoé").uid])).status_code == 404


def test_a_name_of_eighty_letters_and_one_of_no_font_are_printed(given, tmp_path, signed_in):
    given.first_name, given.last_name = "A" * 80, "漢" * 80
    given.save()
    answer = signed_in(given).post(MINE, {"annee": "tout"})
    assert answer.content.startswith(b"%PDF")


def test_periods_and_days_are_said_as_people_do():
    march = datetime.date(2026, 3, 1)
    assert day_words(march) == "1er mars 2026"
    assert period_words(Certificate(year=2025, issued_on=march)) == "toute l’année 2025"
    assert period_words(Certificate(year=2026, issued_on=march)) == "du 1er janvier au 1er mars 2026"
    assert period_words(Certificate(issued_on=march)) == "depuis le début, jusqu’au 1er mars 2026"


def test_it_follows_a_merge_goes_with_who_is_forgotten_and_is_kept_five_years(alice, given, agent):
    certify(given)
    other = register_person(first_name="Alice", last_name="Morel")
    chief = make_account("maire@ccas.example", "Administrateurs")
    merge(other, given, take=[], seen=preview(other, given).seen, by_account=chief)
    assert Certificate.objects.get().person == other
    kind = next(one for one in retention.declared() if one.key == "certificates")
    assert retention.purge(kind) == 0
    Certificate.objects.update(issued_on=timezone.localdate() - datetime.timedelta(days=366 * 5))
    assert retention.purge(kind) == 1
    certify(other)
    leave(other.volunteer)
    forget(other)
    assert not Certificate.objects.exists()
