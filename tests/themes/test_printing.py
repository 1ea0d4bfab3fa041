"""PDFs: tagged, in the town's name, and never read as markup."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.printing import PrintingError, pdf, pdf_answer
from themes.brand import Brand
from themes.printing import print_document

ROOT = Path(__file__).resolve().parents[2]
ROWS = Path(__file__).parent / "printing" / "rows.typ"
BRAND = Brand(name="Lormes & Cie", brand_colour="#1a6b54", telephone="+33344720000")


def printed(*values: str) -> bytes:
    return print_document(
        ROWS, brand=BRAND, title="Ce que nous savons", data={"rows": [["Prénom", one] for one in values]}
    )


def test_a_pdf_is_tagged_in_french_and_keeps_its_promise() -> None:
    content = printed("Jeanne")
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content
    assert b"pdfuaid" in content
    assert b"/Lang(fr" in content


def test_a_sign_that_no_font_draws_is_printed_all_the_same() -> None:
    content = printed("Jeanne 漢 😀")
    assert b"/MarkInfo" in content
    assert b"pdfuaid" not in content


def test_a_mistake_of_ours_says_nothing_of_what_was_printed() -> None:
    with pytest.raises(PrintingError) as error:
        pdf(ROWS, {"title": "Jeanne Dubois"})
    assert str(error.value) == "rows.typ"


def test_the_answer_is_a_file_that_nobody_keeps() -> None:
    answer = pdf_answer(b"%PDF-", name="ce-que-la-ville-sait")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="ce-que-la-ville-sait-')
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.debian
def test_what_is_typed_is_printed_as_it_is(tmp_path: Path) -> None:
    typed = '#panic() *gras* _x_ $y$ <z> @w \\ "'
    (tmp_path / "page.pdf").write_bytes(printed(typed))
    reader = shutil.which("pdftotext") or pytest.fail("poppler-utils is missing")
    text = subprocess.run([reader, str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    for words in (typed, "Lormes & Cie", "03 44 72 00 00", "Ce que nous savons"):
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ")


def test_who_takes_no_less_gets_nothing_else() -> None:
    data = {"title": "Jeanne 漢", "date": "", "town": {"name": "x", "colour": "#000000", "telephone": ""}, "rows": []}
    with pytest.raises(PrintingError):
        pdf(ROWS, data, promised=(["a-3a", "ua-1"],))
    content = pdf(ROWS, {**data, "title": "Jeanne"}, promised=(["a-3a", "ua-1"],))
    assert b"pdfaid" in content
    assert b"pdfuaid" in content


PAPERS = [*(ROOT / "themes").rglob("*.typ"), *(ROOT / "platform").rglob("*.typ")]
# « != » is of Typst's own language.
PARTED = re.compile(r"« | [?:;»]| !(?!=)")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_no_line_of_a_paper_can_begin_with_the_sign_that_ends_a_sentence(paper):
    """Once printed, a no-break space reads as any other: it is looked for where it is written."""
    lines = [line for line in paper.read_text().splitlines() if not line.startswith("//")]
    assert [line for line in lines if PARTED.search(line)] == []
