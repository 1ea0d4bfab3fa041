"""The guide of who runs the platform tells what the clock does to the books."""

import re

from django.conf import settings
from procrastinate.contrib.django import app


def test_the_guide_tells_every_hour_of_the_books():
    guide = (settings.ROOT / "docs" / "guide-exploitation.md").read_text()
    told = [(int(hour), int(minute)) for hour, minute in re.findall(r"^\| (\d+) h (\d+) \|", guide, re.MULTILINE)]
    done = [one.cron for (name, _), one in app.periodic_registry.periodic_tasks.items() if name.startswith("billing.")]
    assert len(done) > 3
    assert told == sorted((int(hour), int(minute)) for minute, hour, *_ in map(str.split, done))
