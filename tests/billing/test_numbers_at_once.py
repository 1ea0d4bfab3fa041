"""Numbers under writers at once, some of which give up: none is missing, none is given twice."""

import datetime
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from billing.drafting import prepare_yearly
from billing.issuing import issue
from billing.models import Draft, Invoice, Series
from billing.verifying import verify
from harness.billing import OPERATOR, TODAY, a_seller, ready
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.context import platform_context

PONT = "60509"
WRITERS, EACH, GIVE_UP = 8, 12, 0.3


class GivenUpError(Exception):
    """Whoever issued changed their mind before the commit."""


def drafts(how_many):
    with platform_context():
        seller = a_seller()
        entry = entry_of(FIRST_TOWN)
        return [
            prepare_yearly(
                ready(entry, {PONT: 640}, town_id=None), seller, on=datetime.date(2026, 10, 1), by=OPERATOR
            ).pk
            for _ in range(how_many)
        ]


def issue_all(mine, seed):
    """Issue drafts one after the other, giving up before the commit for some; answer how many were kept."""
    luck, kept = random.Random(seed), 0
    try:
        for number in mine:
            try:
                with platform_context():
                    issue(Draft.objects.get(pk=number), on=TODAY, by=OPERATOR)
                    if luck.random() < GIVE_UP:
                        raise GivenUpError
                kept += 1
            except GivenUpError:
                pass
        return kept
    finally:
        connection.close()


@pytest.fixture(scope="module")
def issued(own_database):
    """Eight writers over one series, a third of whose transactions are undone."""
    numbers = drafts(WRITERS * EACH)
    with ThreadPoolExecutor(WRITERS) as pool:
        kept = sum(pool.map(issue_all, (numbers[start::WRITERS] for start in range(WRITERS)), range(WRITERS)))
    return kept


def test_no_number_is_missing_nor_given_twice(issued):
    with platform_context():
        ranks = list(Invoice.objects.order_by("rank").values_list("rank", flat=True))
        assert ranks == list(range(1, len(ranks) + 1))
        # One more where the test below ran first.
        assert len(ranks) in {issued, issued + 1}
        assert WRITERS * EACH * 0.5 < issued < WRITERS * EACH
        assert Series.objects.get(series="FA").last_rank == len(ranks)
        assert list(verify()) == []


def test_two_who_issue_the_same_draft_get_the_same_invoice(issued):
    with platform_context():
        before = Invoice.objects.count()
        draft = Draft.objects.filter(invoice=None).first()

    def once(_):
        try:
            with platform_context():
                return issue(draft, on=TODAY, by=OPERATOR).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(once, range(4)))) == 1
    with platform_context():
        assert Invoice.objects.count() == before + 1
