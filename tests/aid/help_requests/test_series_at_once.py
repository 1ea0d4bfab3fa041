"""What comes again is written once, whoever writes it: real commits, several connections, and a worker that dies."""

from collections import Counter
from itertools import count

import pytest

from accounts.models import Account
from aid.help_requests import series as recurring
from aid.help_requests.enums import RequestState, SeriesState
from aid.help_requests.jobs import draw_series
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.proposals.commitments import go_each_time
from aid.proposals.models import Proposal
from aid.proposals.services import accept
from core.recurrence import Recurrence
from harness import requests as make
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.jobs import run_worker
from harness.loop import volunteer
from harness.series import WEEK, a_day, a_series, asked, on
from tenants.context import town_context
from tenants.registry import TownEntry, registry

AT_ONCE = 6
# The module has one database.
_agents = count(1)


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


@pytest.fixture
def series(town):
    """One whose first day alone is written."""
    with town_context(town):
        agent = Account.objects.create_account(email=f"agent{next(_agents)}@ville.example")
        first = make.asked_by_phone(make.a_known_person(), agent, day=a_day())
        made = HelpSeries.objects.create(
            rule=Recurrence((first.day.weekday(),)).text,
            starts_on=first.day,
            skips_holidays=False,
            state=SeriesState.RUNNING,
            **{name: getattr(first, name) for name in recurring.SHARED},
        )
        HelpRequest.objects.filter(pk=first.pk).update(series=made, occurrence_on=first.day)
    return made


def test_several_workers_at_once_write_each_day_once(town, series):
    answers = all_at_once([lambda: recurring.draw(series.pk)] * AT_ONCE, town=town)
    assert Counter(answers) == {3: 1, 0: AT_ONCE - 1}
    with town_context(town):
        days = list(series.requests.order_by("day").values_list("day", flat=True))
    assert days == [a_day() + number * WEEK for number in range(4)]


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(town, series, monkeypatch):
    real, written = recurring._write, []

    def dies(*args):
        written.append(real(*args))
        if len(written) == 2:
            raise SystemExit("killed")
        return written[-1]

    monkeypatch.setattr(recurring, "_write", dies)
    with pytest.raises(SystemExit), town_context(town):
        recurring.draw(series.pk)
    monkeypatch.undo()
    with town_context(town):
        assert series.requests.count() == 1
        draw_series()
    run_worker()
    with town_context(town):
        assert series.requests.count() == 4


def test_ended_and_drawn_at_once_nothing_is_left_that_looks_for_somebody(town, series):
    def end():
        return recurring.end(HelpSeries.objects.get(pk=series.pk)).state

    answers = all_at_once([lambda: recurring.draw(series.pk), end] * 3, town=town)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    with town_context(town):
        assert set(series.requests.values_list("state", flat=True)) == {RequestState.CANCELLED}


def test_of_several_who_would_go_each_time_one_does(town):
    with town_context(town):
        agent = Account.objects.create_account(email=f"agent{next(_agents)}@ville.example")
        series = a_series(make.a_known_person(), agent)
        HelpRequest.objects.filter(series=series).update(people_needed=3)
        proposals = []
        for number in range(3):
            proposal = asked(on(series, a_day()), volunteer(f"V{'abc'[number]}", f"+3363998008{number}"))
            accept(proposal)
            proposals.append(proposal.pk)

    def go(number):
        return go_each_time(Proposal.objects.with_page_related_data().get(pk=number))

    answers = all_at_once([lambda number=number: go(number) for number in proposals], town=town)
    assert sorted(answers) == [False, False, True]
