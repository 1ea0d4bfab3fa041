"""From one town to another over HTTP: sessions, codes, caches, files, previews, logs, hosts."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache, caches
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage, storages
from django.db import connection
from django.http import FileResponse
from django.test import Client, RequestFactory
from PIL import Image as Drawing
from wagtail.images.models import Image
from wagtail.models import Site

from accounts.models import Account, Session
from accounts.roles import ADMINISTRATORS
from cms.pages.models import HomePage
from harness.letters import caught
from harness.second_step import take_it
from tenants import lifecycle
from tenants.context import platform_context, town_context
from tenants.logs import TownFilter
from tenants.models import Town
from tenants.registry import TownEntry

EMAIL = "camille@exemple.example"


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"


@pytest.fixture
def signed_up(towns) -> Iterator[None]:
    """The same address is an administrator in both towns, under the same number."""
    for town in towns:
        with town_context(town):
            account = Account.objects.create_account(email=EMAIL)
            account.groups.add(Group.objects.get(name=ADMINISTRATORS))
    yield
    for town in towns:
        with town_context(town):
            Session.objects.all().delete()
            Account.objects.filter(email=EMAIL).delete()


def browser(town: TownEntry, **cookies: str) -> Client:
    client = Client(headers={"host": town.domain})
    client.cookies.load(cookies)
    return client


def sign_in(client: Client) -> bool:
    with caught() as letters:
        client.post("/connexion/", {"login": EMAIL})
        client.post("/connexion/code/", {"code": letters.left[0].code})
    take_it(client)
    return is_signed_in(client)


def is_signed_in(client: Client) -> bool:
    """Be it before the second step."""
    answer = client.get("/gestion/")
    assert answer.status_code in {200, 302}
    return answer.status_code == 200 or answer["Location"].startswith("/securite/")


# --- Sessions and codes


def test_a_session_opens_one_town(towns, signed_up):
    first, second = towns
    client = browser(first)
    assert sign_in(client)
    key = client.cookies["sessionid"].value
    assert client.cookies["sessionid"]["domain"] == ""
    assert is_signed_in(browser(first, sessionid=key))
    assert not is_signed_in(browser(second, sessionid=key))


def test_a_session_copied_into_another_town_opens_nothing(towns, signed_up):
    """As a restoration that goes wrong could do: the number of the account is the same in both."""
    first, second = towns
    client = browser(first)
    assert sign_in(client)
    with town_context(first):
        session = Session.objects.get(pk=client.cookies["sessionid"].value)
        number = Account.objects.get(email=EMAIL).pk
    with town_context(second):
        Session(pk=session.pk, session_data=session.session_data, expire_date=session.expire_date).save(
            force_insert=True
        )
        assert Account.objects.get(email=EMAIL).pk == number
    assert not is_signed_in(browser(second, sessionid=session.pk))
    assert is_signed_in(client)


def test_a_code_opens_one_town(towns, signed_up):
    first, second = (browser(town) for town in towns)
    with caught() as letters:
        first.post("/connexion/", {"login": EMAIL})
        second.cookies.load({"sessionid": first.cookies["sessionid"].value})
        assert second.get("/connexion/code/")["Location"] == "/connexion/"
        second.post("/connexion/code/", {"code": letters.left[0].code})
        assert not is_signed_in(second)
        first.post("/connexion/code/", {"code": letters.left[0].code})
    assert is_signed_in(first)


# --- Caches


def test_caches_answer_their_own_town(towns):
    first, second = towns
    for kept in (cache, caches["pages"]):
        with town_context(first):
            kept.set("key", "first")
        with town_context(second):
            assert kept.get("key") is None
            kept.set("key", "second")
        with town_context(first):
            assert kept.get("key") == "first"


def test_wagtail_s_addresses_are_the_town_s(towns):
    """`wagtail_site_root_paths` is one key of the cache, whatever the town."""
    for town in (*towns, *towns):
        with town_context(town):
            assert HomePage.objects.get().full_url == f"http://{town.domain}/"
            assert Site.objects.get().root_url == f"http://{town.domain}"


def test_pages_in_memory_are_the_town_s(towns):
    first, second = towns
    for town, other in ((first, second), (second, first), (first, second)):
        answer = browser(town).get("/").content.decode()
        assert town.name in answer
        assert other.name not in answer
    with town_context(first):
        home = HomePage.objects.get()
        home.hero_title = "Une phrase toute neuve"
        home.save()
    assert "Une phrase toute neuve" in browser(first).get("/").content.decode()
    assert "Une phrase toute neuve" not in browser(second).get("/").content.decode()


def test_colours_are_the_town_s(towns):
    """The stylesheet's address is the same everywhere."""
    sheets = [browser(town).get("/theme.css").content for town in (*towns, *towns)]
    assert sheets[:2] == sheets[2:]
    assert sheets[0] != sheets[1]


def received(answer: FileResponse) -> bytes:
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


def picture(colour: str) -> ImageFile:
    content = io.BytesIO()
    Drawing.new("RGB", (40, 40), colour).save(content, "PNG")
    return ImageFile(io.BytesIO(content.getvalue()), name="photo.png")


# Wagtail never closes the file into which it draws (Image.generate_rendition_file).
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
def test_renditions_are_the_town_s(towns):
    """Images of two towns share their number and their file's name."""
    shown = []
    numbers = set()
    for town, colour in zip(towns, ("#ff0000", "#0000ff"), strict=True):
        with town_context(town):
            image = Image.objects.create(title="Photo", file=picture(colour))
            numbers.add(image.pk)
            image.get_rendition("fill-10x10")
    for town in towns:
        with town_context(town):
            rendition = Image.objects.latest("pk").get_rendition("fill-10x10")
        with Drawing.open(io.BytesIO(received(browser(town).get(rendition.url)))) as drawing:
            shown.append(drawing.convert("RGB").getpixel((5, 5)))
    assert len(numbers) == 1
    assert shown == [(255, 0, 0), (0, 0, 255)]


# --- Files


def test_public_files_are_found_on_their_own_town_only(towns, tmp_path):
    first, second = towns
    with town_context(first):
        name = default_storage.save("documents/compte rendu.pdf", ContentFile(b"%PDF first"))
    (tmp_path / "secret.pdf").write_bytes(b"%PDF secret")
    assert received(browser(first).get(f"/fichiers/{name}")) == b"%PDF first"
    for path in (
        f"/fichiers/{name}",
        f"/fichiers/{first.schema_name}/{name}",
        f"/fichiers/../{first.schema_name}/{name}",
        f"/fichiers/%2e%2e/{first.schema_name}/{name}",
        f"/fichiers/..%2f{first.schema_name}%2f{name}",
        f"/fichiers/documents/../../{first.schema_name}/{name}",
        f"/fichiers/documents/..\\..\\{first.schema_name}\\{name}",
        f"/fichiers/{tmp_path}/secret.pdf",
        f"/fichiers//{tmp_path}/secret.pdf",
        "/fichiers/../../secret.pdf",
        "/fichiers/%2e%2e/%2e%2e/secret.pdf",
        "/fichiers/documents/",
        "/fichiers/.",
        "/fichiers/%00",
        f"/fichiers/{'a' * 5000}",
    ):
        assert browser(second).get(path).status_code == 404, path


def test_storages_of_a_town_stay_in_its_folder(towns, settings, tmp_path):
    first, second = towns
    for alias in ("default", "private"):
        with town_context(first):
            name = storages[alias].save("photo.jpg", ContentFile(b"first"))
            assert first.schema_name in storages[alias].path(name)
        with town_context(second):
            assert not storages[alias].exists(name)
            for way_out in (f"../{first.schema_name}/{name}", "/etc/passwd", str(tmp_path)):
                with pytest.raises(SuspiciousFileOperation):
                    storages[alias].open(way_out)
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    with town_context(first):
        assert not storages["default"].exists(name)


def test_a_private_file_has_no_address(towns):
    with town_context(towns[0]):
        name = storages["private"].save("photo.jpg", ContentFile(b"first"))
        with pytest.raises(SuspiciousFileOperation):
            storages["private"].url(name)
    assert browser(towns[0]).get(f"/fichiers/{name}").status_code == 404


# --- Hosts


def test_an_unknown_host_learns_no_name(towns):
    for host in ("ailleurs.localhost", "x.pont-sainte-maxence.localhost", "127.0.0.1", "lormes.localhost.evil.example"):
        answer = Client(headers={"host": host}).get("/")
        assert answer.status_code == 404
        assert not answer.cookies
        for town in towns:
            assert town.name not in answer.content.decode()
            assert town.schema_name not in answer.content.decode()
            assert town.domain not in answer.content.decode()


def test_the_host_of_a_proxy_s_header_is_not_believed(towns):
    first, second = towns
    client = Client(
        headers={"host": first.domain, "x-forwarded-host": second.domain, "forwarded": f"host={second.domain}"}
    )
    answer = client.get("/").content.decode()
    assert first.name in answer
    assert second.name not in answer


def test_a_suspended_town_shows_its_telephone_and_nothing_else(towns):
    first, second = towns
    before = browser(first).get("/")
    with platform_context():
        lifecycle.change_state(Town.objects.get(pk=first.id), "suspend")
    try:
        for path in ("/", "/gestion/", "/fichiers/x.pdf", "/mentions-legales/"):
            closed = browser(first).get(path)
            assert closed.status_code == 503, path
            text = closed.content.decode()
            assert first.name in text
            assert 'href="tel:+33344720000"' in text
            assert len(text) < len(before.content) / 2
            assert second.name not in text
        assert browser(second).get("/").status_code == 200
    finally:
        with platform_context():
            lifecycle.change_state(Town.objects.get(pk=first.id), "open")
    assert browser(first).get("/").status_code == 200


# --- Previews and logs


def test_a_preview_keeps_the_town(towns):
    """Wagtail sends a made-up request through every middleware, inside the one that asks."""
    for town in (*towns, *towns):
        with town_context(town):
            home = HomePage.objects.get()
            seen = home.make_preview_request(RequestFactory(headers={"host": town.domain}).get("/"), "")
            assert seen.status_code == 200
            assert town.name in seen.render().content.decode()
            assert connection.schema_name == town.schema_name
            assert HomePage.objects.get().title == home.title


def test_an_administrator_sees_a_draft_and_stays_signed_in(towns, signed_up):
    for town in towns:
        client = browser(town)
        assert sign_in(client)
        with town_context(town):
            home = HomePage.objects.get()
            home.hero_title = f"Brouillon de {town.name}"
            home.save_revision()
        draft = client.get(f"/gestion/pages/{home.pk}/view_draft/")
        assert draft.status_code == 200
        assert f"Brouillon de {town.name}" in draft.content.decode()
        assert is_signed_in(client)


def test_lines_of_the_log_tell_the_schema(towns):
    first, second = towns
    lines = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keeping()
    handler.addFilter(TownFilter())
    handler.setFormatter(logging.Formatter("[%(town)s] %(message)s"))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        for town in (first, second):
            assert browser(town).get("/nulle-part/").status_code == 404
    finally:
        logger.removeHandler(handler)
    assert lines == [f"[{town.schema_name}] Not Found: /nulle-part/" for town in (first, second)]
