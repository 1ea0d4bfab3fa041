"""Settings under which one town could read another's refuse to start."""

import pytest
from django.conf import settings as real
from django.core.checks import run_checks
from django.core.files.storage import storages

from tenants.checks import server_is_kept, walls_are_up

LOCMEM = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def ids(problems) -> set[str]:
    return {problem.id for problem in problems}


def test_the_house_as_it_is_has_no_fault(db):
    assert run_checks(include_deployment_checks=False, databases=["default"]) == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("CACHES", {**real.CACHES, "forgotten": LOCMEM}, "tenants.E001"),
        ("SESSION_COOKIE_DOMAIN", ".palier.example", "tenants.E003"),
        ("CSRF_COOKIE_DOMAIN", ".palier.example", "tenants.E003"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.cache", "tenants.E004"),
        ("MIDDLEWARE", [one for one in real.MIDDLEWARE if "EnterTown" not in one], "tenants.E007"),
        ("MIDDLEWARE", list(reversed(real.MIDDLEWARE)), "tenants.E007"),
    ],
)
def test_a_setting_that_forgets_the_town_is_refused(settings, name, value, fault):
    assert walls_are_up(None) == []
    setattr(settings, name, value)
    assert ids(walls_are_up(None)) == {fault}


def test_a_storage_shared_by_towns_is_refused(settings):
    settings.STORAGES = {**real.STORAGES, "private": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    try:
        assert ids(walls_are_up(None)) == {"tenants.E005"}
    finally:
        storages._storages.clear()


@pytest.mark.parametrize(("engine", "fault"), [("django.db.backends.postgresql", "tenants.E002")])
def test_another_database_backend_is_refused(settings, monkeypatch, engine, fault):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
    assert ids(walls_are_up(None)) == {fault}
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "tenants.postgresql")
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    assert ids(walls_are_up(None)) == {"tenants.E006"}


def test_the_embedded_server_is_refused_for_real_towns(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert ids(server_is_kept(None)) == {"tenants.E010"}
    monkeypatch.setenv("DATABASE_URL", "postgres://web:secret@db/palier")
    assert server_is_kept(None) == []
