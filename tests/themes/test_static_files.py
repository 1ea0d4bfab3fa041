"""Addresses of static files are looked for once by each process."""

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.templatetags.static import static

from themes.static_files import LooseStaticFiles


def test_an_address_is_looked_for_once(monkeypatch):
    asked = []

    def url(self: StaticFilesStorage, name: str) -> str:
        asked.append(name)
        return f"/static/{name}"

    monkeypatch.setattr(StaticFilesStorage, "url", url)
    files = LooseStaticFiles()
    assert [files.url(name) for name in ("a.css", "b.css", "a.css")] == [
        "/static/a.css",
        "/static/b.css",
        "/static/a.css",
    ]
    assert asked == ["a.css", "b.css"]


def test_pages_name_them_as_they_did():
    assert static("themes/base.css") == "/static/themes/base.css"
