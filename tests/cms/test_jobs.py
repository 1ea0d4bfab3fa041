"""Pages that appear and go at their hour."""

import asyncio
import datetime
import time

import pytest
from django.db import connection
from django.utils import timezone

from cms.pages.models import ContentPage, HomePage
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.context import town_context
from tenants.management.commands.worker import work


def waiting() -> list[tuple[str, datetime.datetime]]:
    """What the town asked of the worker and is not done yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, scheduled_at FROM tenants_my_jobs WHERE status = 'todo' ORDER BY id")
        return cursor.fetchall()


@pytest.mark.long
def test_a_page_appears_and_goes_at_its_hour(own_database, visit):
    town = entry_of(FIRST_TOWN)
    appears = timezone.now().replace(microsecond=0) + datetime.timedelta(seconds=2)
    goes = appears + datetime.timedelta(seconds=2)
    with town_context(town):
        page = HomePage.objects.get().add_child(
            instance=ContentPage(title="Goûter", slug="gouter", live=False, go_live_at=appears, expire_at=goes)
        )
        page.save_revision().publish()
        page.save_revision().publish()
        assert waiting().count(("cms.publish_scheduled", appears)) == 1
    asyncio.run(work(concurrency=1, wait=False))
    assert visit(FIRST_TOWN).get("/gouter/").status_code == 404
    time.sleep((appears - timezone.now()).total_seconds() + 0.05)
    asyncio.run(work(concurrency=1, wait=False))
    assert visit(FIRST_TOWN).get("/gouter/").status_code == 200
    with town_context(town):
        assert waiting() == [("cms.publish_scheduled", goes)]
    time.sleep((goes - timezone.now()).total_seconds() + 0.05)
    asyncio.run(work(concurrency=1, wait=False))
    assert visit(FIRST_TOWN).get("/gouter/").status_code == 404
    with town_context(town):
        assert waiting() == []
