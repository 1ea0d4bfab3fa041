"""News: newest first, seen at once, a few queries whatever their number, each town its own."""

import datetime
import io

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import PageViewRestriction

from cms.pages.models import HomePage
from cms.pages.news import NEWS_A_PAGE, NewsIndexPage, NewsPage
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants.context import town_context
from tenants.registry import registry

# Wagtail leaves the temporary file of a rendition to the garbage collector.
makes_renditions = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def forget() -> None:
    """What is kept in memory is kept until a commit: these tests undo theirs."""
    for cache in caches.all():
        cache.clear()


def write(title: str, day: int, **fields: object) -> NewsPage:
    """Publish a news of January 2030, after whatever the blueprint wrote."""
    return NewsIndexPage.objects.get().add_child(
        instance=NewsPage(
            title=title,
            introduction=f"{title}, en bref.",
            text="<p>Venez.</p>",
            date=datetime.date(2030, 1, day),
            **fields,
        )
    )


def read(response) -> bytes:
    """A file that was sent, to its end: which closes it."""
    return b"".join(response.streaming_content)


def titles(response) -> list[str]:
    """Of the cards, in their order."""
    return [link.get_text() for link in BeautifulSoup(response.content, "html.parser").select(".news__link")]


@pytest.fixture
def picture() -> ImageFile:
    """A small photo, as somebody uploads it."""
    buffer = io.BytesIO()
    Picture.new("RGB", (900, 700), "#7a5").save(buffer, "JPEG")
    return ImageFile(buffer, name="cafe.jpg")


def test_the_home_shows_the_last_three_and_a_published_news_appears_at_once(own_database, visit):
    town, _ = registry.find(FIRST_TOWN)
    with town_context(town):
        for title, day in (("Deuxième", 2), ("Quatrième", 4), ("Première", 1), ("Troisième", 3)):
            write(title, day)
    assert titles(visit(FIRST_TOWN).get("/")) == ["Quatrième", "Troisième", "Deuxième"]
    with town_context(town):
        NewsPage.objects.get(title="Quatrième").unpublish()
    assert titles(visit(FIRST_TOWN).get("/")) == ["Troisième", "Deuxième", "Première"]
    assert visit(FIRST_TOWN).get("/nouvelles/quatrieme/").status_code == 404
    assert visit(FIRST_TOWN).get("/nouvelles/troisieme/").status_code == 200
    assert visit(SECOND_TOWN).get("/nouvelles/troisieme/").status_code == 404
    assert "Troisième" not in titles(visit(SECOND_TOWN).get("/nouvelles/"))


def test_a_private_news_leaves_the_home_and_the_list(own_database, visit):
    town, _ = registry.find(FIRST_TOWN)
    with town_context(town):
        kept, shown = write("Pour nous seuls", 31), write("Pour tous", 30)
    assert titles(visit(FIRST_TOWN).get("/"))[0] == "Pour nous seuls"
    with town_context(town):
        PageViewRestriction.objects.create(page=kept, restriction_type=PageViewRestriction.LOGIN)
    for path in ("/", "/nouvelles/"):
        assert "Pour nous seuls" not in titles(visit(FIRST_TOWN).get(path))
        assert "Pour tous" in titles(visit(FIRST_TOWN).get(path))
    with town_context(town):
        for page in (kept, shown):
            page.delete()


def test_the_list_goes_from_page_to_page_and_forgives_a_wrong_number(town, visit):
    for day in range(1, 2 * NEWS_A_PAGE):
        write(f"Jour {day}", day)
    first, second = visit(FIRST_TOWN).get("/nouvelles/"), visit(FIRST_TOWN).get("/nouvelles/?page=2")
    assert titles(first)[0] == f"Jour {2 * NEWS_A_PAGE - 1}"
    assert len(titles(first)) == len(titles(second)) == NEWS_A_PAGE
    assert not set(titles(first)) & set(titles(second))
    assert titles(visit(FIRST_TOWN).get("/nouvelles/?page=abc")) == titles(first)
    assert titles(visit(FIRST_TOWN).get("/nouvelles/?page=99")) == titles(second)
    assert "Page 2 sur 2" in second.content.decode()


@makes_renditions
def test_ten_news_with_pictures_ask_as_many_queries_as_one(town, visit, picture, django_assert_max_num_queries):
    image = Image.objects.create(title="Café", file=picture)
    for day in range(1, 10):
        write(f"Jour {day}", day, image=image, image_alt="Des tasses sur une table")
    forget()
    visit(FIRST_TOWN).get("/nouvelles/")
    with django_assert_max_num_queries(12):
        page = BeautifulSoup(visit(FIRST_TOWN).get("/nouvelles/?page=1").content, "html.parser")
    shown = page.select(".news__image")
    assert len(shown) == NEWS_A_PAGE
    assert {image["alt"] for image in shown} == {"Des tasses sur une table"}
    assert all((image["width"], image["height"]) == ("640", "360") for image in shown)
    assert read(visit(FIRST_TOWN).get(shown[0]["src"])).startswith(b"RIFF")
    assert visit(SECOND_TOWN).get(shown[0]["src"]).status_code == 404


def test_a_picture_without_words_is_refused(town, picture):
    image = Image.objects.create(title="Café", file=picture)
    with pytest.raises(ValidationError, match="Dites en quelques mots ce que montre l’image"):
        write("Sans texte", 1, image=image)
    home = HomePage.objects.get()
    home.hero_image = image
    with pytest.raises(ValidationError, match="Dites en quelques mots ce que montre la photo"):
        home.full_clean()


@makes_renditions
def test_a_photo_takes_the_place_of_the_drawing(town, visit, picture):
    before = BeautifulSoup(visit(FIRST_TOWN).get("/?avant").content, "html.parser")
    assert before.select_one(".hero .art")
    home = HomePage.objects.get()
    home.hero_image, home.hero_image_alt = (
        Image.objects.create(title="Place", file=picture),
        "La place, un jour de marché",
    )
    home.save_revision().publish()
    page = BeautifulSoup(visit(FIRST_TOWN).get("/?apres").content, "html.parser")
    photo = page.select_one(".hero__photo")
    assert (photo["alt"], photo["width"], photo["height"]) == ("La place, un jour de marché", "880", "660")
    assert not page.select_one(".hero .art")
