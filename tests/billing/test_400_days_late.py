"""A town whose invoice is 400 days late: whoever lives, helps or works there meets the very pages of the day before.

A private partner does not stop performing because it is not paid (CE, 7 January 1976, Ville d'Amiens; billing.md, 4.9).
"""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import html

from aid.people.models import Person
from billing import paying, reminding, sending
from billing.enums import ContractState, ReminderKind
from billing.models import Contract, Invoice, Payment
from billing.paying import balance_of
from console.models import Mail
from harness import pages
from harness.billing import OPERATOR, a_contact, a_seller, an_invoice
from harness.databases import FIRST_TOWN
from harness.scene import Scene, play
from tenants.context import PLATFORM, facing, platform_context, town_context
from tenants.models import Town
from tenants.registry import registry

PONT = "60509"
LATE, TIME_TO_PAY = 400, 30
# The town's own books, for its administrators: nobody else has these pages.
BOOKS = "books:"
# Of bills: some say « mandat » of who acts for somebody, and help with papers is a category.
OF_MONEY = re.compile(
    r"impayé|facture (?:FA|en retard|non)|FA-\d{4}-\d{5}|intérêts moratoires|chorus pro|relance|échéance dépassée"
    r"|retard de paiement|paiement en retard|1\s200,00|mise en demeure|service suspendu",
    re.IGNORECASE,
)
DRAWN = re.compile(r"\b\d{6}\b|\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){3,}\b|\b\d+\s(?:minutes?|heures?)\b")
Answer = tuple[int, str, str]


@pytest.fixture(scope="module")
def scene(own_database: str) -> Scene:
    return play(registry.find(FIRST_TOWN)[0], FIRST_TOWN, brand_colour="#0B6E4F")


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages say how long ago something was: all are looked at in the same instant."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def addresses(scene: Scene, *, everyone: bool) -> list[tuple[str, str]]:
    """Each address of the town, as the first role that its list of pages gives, or as every one."""
    found = set()
    for name, lines in pages.TOWN.items():
        if not name.startswith(BOOKS) and name != "account_logout":
            found |= {(seen.role, scene.in_town(seen.path)) for seen in (lines if everyone else lines[:1])}
    return sorted(found)


def answers(scene: Scene, looked_at: list[tuple[str, str]]) -> dict[tuple[str, str], Answer]:
    """What each address answers, its text as it is read; what looking writes is taken back."""
    found: dict[tuple[str, str], Answer] = {}
    for cache in caches.all(initialized_only=True):
        cache.clear()
    with transaction.atomic():
        for role, path in looked_at:
            client = Client(headers={"host": FIRST_TOWN})
            if scene.sessions[role]:
                client.cookies[settings.SESSION_COOKIE_NAME] = scene.sessions[role]
            answer = client.get(path)
            found[role, path] = (answer.status_code, answer.get("Location", ""), read(answer))
        transaction.set_rollback(True)
    return found


def read(answer: HttpResponse) -> str:
    """The text of a page, less what differs each time: codes of six digits, keys in groups, minutes that passed."""
    if answer.streaming or "html" not in answer.get("Content-Type", ""):
        return answer.get("Content-Type", "")
    words = html.document_fromstring(answer.content.decode()).xpath("//text()[not(parent::script or parent::style)]")
    return DRAWN.sub("…", " ".join(" ".join(words).split()))


def bill(scene: Scene, *, days_late: int) -> Invoice:
    """The only invoice of the town: of long ago, and deposited at once."""
    issued_on = timezone.localdate() - datetime.timedelta(days=days_late + TIME_TO_PAY)
    with platform_context():
        Contract.objects.filter(town=scene.town.id).update(town=None)
        begins = issued_on - datetime.timedelta(days=5)
        said = {"signed_on": begins, "begins_on": begins}
        # A seller whose series has nothing later.
        invoice = an_invoice(scene.town, {PONT: 640}, on=issued_on, seller=a_seller(), **said)
        a_contact(invoice.contract.buyer)
        sending.deposit(invoice, flow_number="CPP-1", on=issued_on, by=OPERATOR)
    return invoice


def paid(invoice: Invoice) -> Payment:
    said = {"amount": invoice.payable, "received_on": invoice.issued_on, "bank_reference": "VIR 12", "by": OPERATOR}
    payment = paying.receive(invoice.contract.buyer, **said)
    paying.allocate(payment, {invoice: invoice.payable}, by=OPERATOR)
    return payment


def night_after_night(since: datetime.date, until: datetime.date) -> None:
    # Each ten days, so each reminder has its night: they are as far from each other.
    for days in range(0, (until - since).days + 1, 10):
        reminding.keep_contracts(since + datetime.timedelta(days=days))
        reminding.remind(since + datetime.timedelta(days=days))


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("everyone", [False, pytest.param(True, marks=pytest.mark.long)], ids=["first", "everyone"])
def test_nobody_in_town_sees_that_its_invoice_is_400_days_late(scene, everyone):
    looked_at = addresses(scene, everyone=everyone)
    with one_test():
        invoice = bill(scene, days_late=LATE)
        payment = paid(invoice)
        before = answers(scene, looked_at)
        assert sum(status == 200 for status, *_ in before.values()) > 60
        assert {role for role, _ in before} >= {"resident", "volunteer", "agent", "administrator"}
        paying.undo(payment, words="Le virement est revenu", by=OPERATOR)
        late_by_400_days(scene, invoice)
        after = answers(scene, looked_at)
    assert [key for key in before if before[key] != after[key]] == []
    spoken = {key: OF_MONEY.findall(text) for key, (*_, text) in after.items()}
    assert {key: words for key, words in spoken.items() if words} == {}


@contextmanager
def one_test() -> Iterator[None]:
    """Its invoice is gone with it: the two runs of the test share a scene."""
    with facing(PLATFORM), transaction.atomic():
        yield
        transaction.set_rollback(True)


def late_by_400_days(scene: Scene, invoice: Invoice) -> None:
    today = timezone.localdate()
    night_after_night(invoice.issued_on, today)
    with platform_context():
        assert balance_of(invoice, today=today).days_late == LATE
        assert Contract.objects.get(pk=invoice.contract_id).state == ContractState.LATE
        assert set(invoice.reminders.values_list("kind", flat=True)) == set(ReminderKind)
        assert Town.objects.get(pk=scene.town.id).state == scene.town.state == "open"
    only_finance_was_written_to(scene, invoice)


def only_finance_was_written_to(scene: Scene, invoice: Invoice) -> None:
    with platform_context():
        subject = f"Facture {invoice.number}"
        written = set(Mail.objects.filter(subject=subject).values_list("recipient", flat=True))
        assert written == set(invoice.contract.buyer.contacts.values_list("email", flat=True))
        everybody = set(Mail.objects.values_list("recipient", flat=True))
    with town_context(scene.town):
        assert not everybody & set(Person.objects.values_list("email", flat=True))


def test_words_of_money_are_found_where_they_are():
    assert OF_MONEY.search("La facture FA-2026-00001 est impayée")
    assert OF_MONEY.search("Relance : 1\u00a0200,00\u00a0€")
    assert not OF_MONEY.search("Aide aux papiers : lire une facture avec quelqu’un")
