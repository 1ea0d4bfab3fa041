"""What an administrator does in the back-office, through its own forms."""

import io

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.models import Page

from accounts.models import Account
from aid.configuration.models import Identity, Rules
from cms.pages.models import ContentPage
from cms.pages.news import NewsIndexPage, NewsPage
from harness.databases import FIRST_TOWN, SECOND_TOWN


@pytest.fixture
def administrator(town) -> Client:
    """Somebody who administers the first town, signed in."""
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(Account.objects.get(email="administration@pont-sainte-maxence.example"))
    return client


def form_of(response) -> dict[str, str]:
    """What the page's main form would send, untouched; files apart."""
    form = BeautifulSoup(response.content, "html.parser").select_one("main form[method=post], main form[method=POST]")
    sent = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[field["name"]] = chosen.get("value", "") if chosen else ""
        elif field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                sent[field["name"]] = field.get("value", "on")
        elif field.get("type") not in {"file", "submit"}:
            sent[field["name"]] = field.get("value", field.get_text().strip("\n") if field.name == "textarea" else "")
    return sent


def logo() -> SimpleUploadedFile:
    """A logo, as somebody uploads it."""
    buffer = io.BytesIO()
    Picture.new("RGB", (700, 300), "#123456").save(buffer, "JPEG")
    return SimpleUploadedFile("logo.jpg", buffer.getvalue(), "image/jpeg")


def test_the_first_panel_leads_to_a_news_and_the_news_to_the_site(administrator, visit):
    panel = BeautifulSoup(administrator.get("/gestion/").content, "html.parser")
    link = next(link for link in panel.select("main a") if "Écrire une nouvelle" in link.get_text())
    sent = form_of(administrator.get(link["href"])) | {
        "title": "La fête des voisins",
        "introduction": "Samedi, sur la place.",
        "date": "2030-05-31",
        "text": '{"blocks": [{"key": "a", "text": "Venez avec un plat.", "type": "unstyled", "depth": 0,'
        ' "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
        "slug": "la-fete-des-voisins",
        "action-publish": "1",
    }
    answer = administrator.post(link["href"], sent)
    assert answer.status_code == 302, BeautifulSoup(answer.content, "html.parser").select(".error-message")
    assert NewsPage.objects.get(slug="la-fete-des-voisins").live
    assert "Venez avec un plat." in visit(FIRST_TOWN).get("/nouvelles/la-fete-des-voisins/?vue").content.decode()
    assert visit(SECOND_TOWN).get("/nouvelles/la-fete-des-voisins/").status_code == 404


def test_each_page_type_opens_in_the_editor(administrator):
    for page in Page.objects.filter(depth__gt=1):
        assert administrator.get(f"/gestion/pages/{page.pk}/edit/").status_code == 200, page
    home = ContentPage.objects.first().get_parent()
    assert administrator.get(f"/gestion/pages/add/cms/contentpage/{home.pk}/").status_code == 200
    assert administrator.get(f"/gestion/pages/add/cms/newspage/{home.pk}/").status_code == 302
    news = NewsIndexPage.objects.get()
    assert administrator.get(f"/gestion/pages/add/cms/contentpage/{news.pk}/").status_code == 302


def test_an_invitation_keeps_the_page_that_it_leads_to(administrator, visit):
    home = ContentPage.objects.first().get_parent()
    sent = form_of(administrator.get(f"/gestion/pages/add/cms/contentpage/{home.pk}/"))
    aim = ContentPage.objects.get(slug="devenir-benevole")
    sent |= {
        "title": "Essai", "slug": "essai", "introduction": "", "action-publish": "1", "body-count": "1",
        "body-0-deleted": "", "body-0-order": "0", "body-0-type": "call", "body-0-id": "",
        "body-0-value-title": "Venez", "body-0-value-text": "", "body-0-value-page": str(aim.pk),
        "body-0-value-label": "Je viens",
    }  # fmt: skip
    assert administrator.post(f"/gestion/pages/add/cms/contentpage/{home.pk}/", sent).status_code == 302
    page = BeautifulSoup(visit(FIRST_TOWN).get("/essai/").content, "html.parser")
    assert page.select_one(".invitation a")["href"] == "/devenir-benevole/"
    made = ContentPage.objects.get(slug="essai")
    assert str(aim.pk) in administrator.get(f"/gestion/pages/{made.pk}/edit/").content.decode()


def test_a_logo_another_look_and_a_declaration_are_set_and_shown(administrator, visit):
    address = "/gestion/settings/configuration/identity/"
    edit = administrator.get(address, follow=True)
    path = edit.redirect_chain[-1][0] if edit.redirect_chain else address
    sent = form_of(edit) | {"look": "coast", "logo": logo(), "logo_alt": ""}
    refused = administrator.post(path, sent)
    assert "Dites en quelques mots ce que montre le logo." in refused.content.decode()
    assert administrator.post(path, sent | {"logo": logo(), "logo_alt": "La ville"}).status_code == 302
    caches["default"].clear()  # kept until a commit, and this test undoes its own
    page = BeautifulSoup(visit(FIRST_TOWN).get("/?vue").content, "html.parser")
    assert page.html["data-look"] == "coast"
    shown = page.select_one(".brand__logo")
    assert shown["alt"] == "La ville"
    assert b"".join(visit(FIRST_TOWN).get(shown["src"]).streaming_content).startswith(b"RIFF")
    assert visit(SECOND_TOWN).get(shown["src"]).status_code == 404
    assert Identity.objects.get().logo.name.endswith("/logo.png")

    statement = administrator.get("/gestion/settings/configuration/accessibilitystatement/", follow=True)
    path = statement.redirect_chain[-1][0] if statement.redirect_chain else statement.request["PATH_INFO"]
    sent = form_of(statement) | {"status": "partial", "rate": "72", "audited_on": ""}
    refused = administrator.post(path, sent)
    assert "sans elle, aucun taux ne peut être affiché" in refused.content.decode()
    assert administrator.post(path, sent | {"audited_on": "2026-01-15", "auditor": "Cabinet X"}).status_code == 302
    caches["default"].clear()
    footer = BeautifulSoup(visit(FIRST_TOWN).get("/?ensuite").content, "html.parser").footer.get_text(" ")
    assert "Accessibilité : partiellement conforme" in footer.replace("\u00a0", " ")


def test_what_rooms_show_and_wait_for_is_set_with_the_rules(administrator):
    edit = administrator.get("/gestion/settings/configuration/rules/", follow=True)
    path = edit.redirect_chain[-1][0]
    titles = {title.get_text(strip=True) for title in BeautifulSoup(edit.content, "html.parser").select("main h2")}
    assert {"Annuaire", "Relecture", "Fond de carte"} <= titles
    tiles = "https://cartes.exemple.example/{z}/{x}/{y}.png"
    for wrong, told in (
        ({"tiles_url": tiles}, "Écrivez la mention que demande ce fond de carte."),
        ({"tiles_url": "http://cartes.exemple.example/", "tiles_credit": "Moi"}, "Écrivez une adresse en https"),
        ({"hours_before_reading": "0"}, "supérieure ou égale à 1"),
    ):
        page = administrator.post(path, form_of(edit) | wrong).content.decode().replace("\u00a0", " ")
        assert told in page
    right = {"tiles_url": tiles, "tiles_credit": "Moi", "hours_before_reading": "48", "directory_in_menu": "on"}
    assert administrator.post(path, form_of(edit) | right).status_code == 302
    rules = Rules.objects.get()
    assert (rules.tiles_credit, rules.hours_before_reading, rules.directory_in_menu) == ("Moi", 48, True)


RUNS = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize("name", ["page.html", "dessin.svg", "outil.exe", "tableau.xlsm", "sans-nom"])
def test_a_document_that_a_browser_or_a_computer_would_run_is_refused(administrator, name):
    sent = {"title": "Un document", "file": SimpleUploadedFile(name, RUNS, "application/pdf")}
    answer = administrator.post("/gestion/documents/add/", form_of(administrator.get("/gestion/documents/add/")) | sent)
    assert answer.status_code == 200
    assert "extension" in BeautifulSoup(answer.content, "html.parser").select_one(".error-message").get_text()
    assert not Document.objects.exists()


def test_a_document_under_another_name_runs_nowhere(administrator, visit):
    sent = {"title": "Un document", "file": SimpleUploadedFile("page.pdf", RUNS, "text/html")}
    administrator.post("/gestion/documents/add/", form_of(administrator.get("/gestion/documents/add/")) | sent)
    answer = visit(FIRST_TOWN).get(Document.objects.get().url)
    answer.close()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["image.png", "image.jpg", "image.webp"])
def test_a_picture_that_is_none_is_refused(administrator, name):
    sent = {"title": "Une image", "file": SimpleUploadedFile(name, RUNS, "image/png")}
    answer = administrator.post("/gestion/images/add/", form_of(administrator.get("/gestion/images/add/")) | sent)
    assert answer.status_code == 200
    assert not get_image_model().objects.filter(title="Une image").exists()
