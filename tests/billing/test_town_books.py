"""What a town reads of its books, and says of them, without a request: plain words, in a constant number of queries."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from billing.contracts import take_by_clock
from billing.count_states import SHOWN_FOR
from billing.counting import answer_contest, approve, show
from billing.enums import (
    BEGIN,
    Adjusting,
    BuyerKind,
    CountBasis,
    CountedOn,
    DocumentKind,
    FloorScope,
    PriceBasis,
    YearStart,
)
from billing.filing import DamagedError
from billing.models import Buyer, Contract, TownAct
from billing.paying import allocate, receive
from billing.sending import deposit, note_status
from billing.town_books import contract as contracts
from billing.town_books import counts, invoices, numbers, papers, quotes
from billing.town_books.reading import NotHereError, NotPossibleError, places, seniors
from core.company_numbers import format_siret
from core.french import decimals
from harness.billing import OPERATOR, PDF, SIRET, TODAY, a_buyer, a_count, an_invoice, ready, signed
from harness.town_books import DAY, by_operator, town_books
from tenants.context import platform_context

PONT, CREIL = "60509", "60175"
BY = "Anne Roy"
LONG_ENOUGH = SHOWN_FOR + datetime.timedelta(days=1)


@pytest.fixture
def books(town):
    """The rows are the operator's; the town reads them."""
    return town


def shown(contract, by_commune, **changes):
    with platform_context():
        count = a_count(contract, by_commune, **changes)
        show(count, by=OPERATOR)
    return count


# --- The contract


def test_a_town_without_a_contract_reads_that_it_has_none(books):
    assert contracts.contract_page(TODAY) is None
    assert numbers.numbers_page(TODAY) is None
    assert counts.counts_of_town(timezone.now()) == ()
    assert invoices.invoices_of_town(TODAY) == ()
    assert quotes.quotes_of_town(TODAY) == ()
    with pytest.raises(NotHereError):
        contracts.contract_page(TODAY, 1)
    with pytest.raises(NotHereError):
        numbers.give_number(starts_on=TODAY, number="EJ", by=BY, today=TODAY)


def facts(page):
    return {fact.label: fact.words for fact in page.facts}


def test_what_was_agreed_is_said_in_plain_french(books):
    by_operator(ready, books, {PONT: 640})
    page = contracts.contract_page(TODAY)
    assert facts(page) == {
        "Dates": "Signé le 15 septembre 2026. Il commence le 1er octobre 2026 et continue d’année en année.",
        "Périodes": "Un an, à partir du 1er octobre. Une facture par période.",
        "Qui est compté": "Les habitants de 60 ans et plus, d’après le recensement de l’INSEE.",
        "Quand": "Au premier jour de chaque période. Vous avez ensuite trente jours pour lire le nombre, et le "
        "contester.",
        "Minimum annuel": "Il est dû une fois, pour tout le contrat, au prorata des jours.",
        "TVA": "Le prix est hors taxes. La TVA du jour de la facture s’y ajoute, s’il y en a une.",
        "Si quelque chose change en cours de période": "La différence est facturée ou rendue dès qu’elle est connue, à "
        "partir de 15,00\u00a0€.",
    }
    assert [one.words for one in page.prices] == [
        "1,00\u00a0€ par senior et par an, 1\u00a0000,00\u00a0€ au moins",
    ]
    assert page.buyer.siret == format_siret(SIRET)
    assert [one.words for one in page.communes] == ["Pont-Sainte-Maxence"]
    assert page.communes[0].last_day is None


def test_other_choices_have_other_words(books):
    terms = {
        "year_start": YearStart.CALENDAR,
        "count_basis": CountBasis.REGISTERED,
        "counted_on": CountedOn.QUARTER_BEFORE,
        "price_basis": PriceBasis.GROSS,
        "floor_scope": FloorScope.COMMUNE,
        "prorates_floor": False,
        "adjusting": Adjusting.AT_RENEWAL,
        "ends_on": datetime.date(2029, 1, 1),
        "reference": "2026-M-12",
        "buyer": by_operator(a_buyer, kind=BuyerKind.ASSOCIATION),
    }
    by_operator(signed, books, PONT, **terms)
    page = contracts.contract_page(TODAY)
    said = facts(page)
    assert said["Périodes"] == "Un an, du 1er janvier au 31 décembre. Une facture par période."
    assert said["Dates"].endswith("et se termine le 31 décembre 2028.")
    assert "inscrites ici" in said["Qui est compté"]
    assert said["Minimum annuel"] == "Il est dû pour chaque commune, en entier même pour quelques mois."
    assert said["TVA"] == "Le prix est toutes taxes comprises : rien ne s’y ajoute."
    assert said["Si quelque chose change en cours de période"] == "La différence est reportée à la période suivante."
    assert "2026-M-12" in said["Marché ou convention"]
    assert page.buyer.how.startswith("Association")
    # Its first period is the end of a year of the calendar.
    assert (page.forecasts[0].title, page.forecasts[0].days) == (
        "Période en cours",
        "du 1er octobre 2026 au 31 décembre 2026",
    )


def test_the_period_to_come_is_said_in_euros(books):
    contract = by_operator(signed, books, PONT, CREIL)
    shown(contract, {PONT: 640, CREIL: 900})
    running, coming = contracts.contract_page(TODAY).forecasts
    assert (running.title, coming.title) == ("Période en cours", "Période à venir")
    assert coming.days == "du 1er octobre 2027 au 30 septembre 2028"
    assert coming.total == Decimal("1540.00")
    assert coming.is_example
    assert coming.lines == (
        ("1\u00a0540\u00a0seniors à 1,00\u00a0€, du 1er octobre 2027 au 30 septembre 2028", Decimal("1540.00")),
    )
    assert coming.shares == (("Creil", Decimal("900.00")), ("Pont-Sainte-Maxence", Decimal("640.00")))
    assert coming.counted == "1\u00a0540\u00a0seniors comptés à Creil et Pont-Sainte-Maxence, au 1er octobre 2026"


def test_the_minimum_is_a_line_of_its_own(books):
    by_operator(ready, books, {PONT: 640})
    coming = contracts.contract_page(TODAY).forecasts[1]
    assert coming.lines[1] == ("Complément au minimum annuel", Decimal("360.00"))
    assert coming.total == Decimal("1000.00")


def test_nothing_is_reckoned_from_a_count_that_was_not_shown(books):
    contract = by_operator(signed, books, PONT)
    by_operator(a_count, contract, {PONT: 640})
    assert [(one.total, bool(one.why_not)) for one in contracts.contract_page(TODAY).forecasts] == [(None, True)] * 2
    assert counts.counts_of_town(timezone.now()) == ()


def test_a_period_that_is_billed_leads_to_its_invoice(books):
    invoice = by_operator(an_invoice, books, {PONT: 640})
    running, coming = contracts.contract_page(TODAY).forecasts
    assert running.invoice == (invoice.pk, "FA-2026-00001")
    assert coming.invoice is None


def test_history_is_told_the_last_first(books):
    contract = by_operator(ready, books, {PONT: 640})
    by_operator(take_by_clock, contract, BEGIN)
    numbers.give_number(starts_on=contract.begins_on, number="EJ-7", by=BY, today=TODAY)
    told = contracts.contract_page(TODAY).history
    assert [one.words for one in told] == [
        "Vous donnez le numéro d’engagement EJ-7, période du 1er octobre 2026.",
        "Le contrat commence.",
        "1,00\u00a0€ par senior et par an, 1\u00a0000,00\u00a0€ au moins, à partir du 1er octobre 2026.",
        "Signé le 15 septembre 2026.",
    ]
    assert told[0].by == BY


def test_the_current_contract_is_the_one_that_runs_else_the_next_else_the_last(books):
    old = {"begins_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2025, 1, 1)}
    first = by_operator(signed, books, PONT, **old)
    second = by_operator(signed, books, PONT)
    page = contracts.contract_page(TODAY)
    assert (page.number, page.others) == (
        second.pk, ((first.pk, "Contrat du 1er janvier 2024 au 31 décembre 2024"),),
    )  # fmt: skip
    assert contracts.contract_page(TODAY, first.pk).forecasts == ()
    assert contracts.contract_page(datetime.date(2025, 6, 1)).number == second.pk
    by_operator(Contract.objects.filter(pk=second.pk).update, ends_on=datetime.date(2026, 11, 1))
    assert contracts.contract_page(TODAY).number == second.pk


# --- Counts


def test_a_count_is_shown_with_its_evidence(books):
    contract = by_operator(signed, books, PONT, CREIL)
    count = shown(contract, {PONT: 640, CREIL: 900})
    page = counts.count_page(count.pk, timezone.now())
    assert (page.row.total, page.vintage, page.row.is_example, page.row.source) == (
        1540, 2022, True, "exemple-insee.csv",
    )  # fmt: skip
    assert [(one.name, one.read, one.count) for one in page.communes] == [
        ("Creil", "900", 900), ("Pont-Sainte-Maxence", "640", 640),
    ]  # fmt: skip
    assert page.last_day == timezone.localdate() + SHOWN_FOR
    assert page.closed_because == ""
    assert page.row.waits_for_town


def test_a_contest_is_an_act_that_is_answered(books):
    contract = by_operator(signed, books, PONT)
    count = shown(contract, {PONT: 640})
    asked = {"words": "  Il y en a 655. ", "by": BY, "now": timezone.now()}
    assert counts.contest_count(count.pk, **asked)
    assert not counts.contest_count(count.pk, **asked), "pressed twice"
    with platform_context():
        act = TownAct.objects.get()
        assert (act.words, act.done_by, act.contract_id) == ("Il y en a 655.", BY, contract.pk)
    row = counts.count_page(count.pk, timezone.now()).row
    assert (row.state, row.waits_for_town) == ("contesté, réponse à venir", False)
    by_operator(answer_contest, count, words="L’INSEE en compte 640.", by=OPERATOR)
    page = counts.count_page(count.pk, timezone.now())
    assert [one.words for one in page.events] == [
        "Montré à votre équipe.",
        "Vous contestez : Il y en a 655.",
        "Nous répondons : L’INSEE en compte 640.",
    ]
    assert page.row.state.startswith("à lire, jusqu’au")


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_a_contest_says_something_and_not_too_much(books, words):
    count = shown(by_operator(signed, books, PONT), {PONT: 640})
    with pytest.raises(ValidationError) as refusal:
        counts.contest_count(count.pk, words=words, by=BY, now=timezone.now())
    assert "words" in refusal.value.message_dict
    assert not by_operator(TownAct.objects.exists)


def test_after_thirty_days_or_once_approved_or_corrected_it_is_too_late(books):
    contract = by_operator(signed, books, PONT)
    count, now = shown(contract, {PONT: 640}), timezone.now()
    late = {"words": "Non.", "by": BY}
    with pytest.raises(NotPossibleError, match="trente jours"):
        counts.contest_count(count.pk, now=now + LONG_ENOUGH, **late)
    assert counts.count_page(count.pk, now + LONG_ENOUGH).row.state == "lu, bientôt approuvé"
    by_operator(approve, count, by=OPERATOR, now=now + LONG_ENOUGH)
    with pytest.raises(NotPossibleError, match="approuvé"):
        counts.contest_count(count.pk, now=now, **late)
    new = shown(contract, {PONT: 655}, replaces=count)
    with pytest.raises(NotPossibleError, match="corrigé"):
        counts.contest_count(count.pk, now=now, **late)
    page = counts.count_page(count.pk, now)
    assert (page.row.state, page.replaced_by) == ("corrigé par un autre", new.pk)
    assert counts.count_page(new.pk, now).replaces == count.pk


# --- Invoices


def test_an_invoice_is_explained_from_its_counts(books):
    invoice = by_operator(an_invoice, books, {PONT: 640})
    page = invoices.invoice_page(invoice.pk, TODAY)
    assert [(one.count, one.net) for one in page.lines] == [(640, Decimal("640.00")), (1, Decimal("360.00"))]
    assert page.lines[0].counts[0].words == (
        "640\u00a0seniors comptés à Pont-Sainte-Maxence, au 1er octobre 2026, d’après exemple-insee.csv "
        "(recensement 2022)"
    )
    assert page.is_example
    assert page.totals.vat == (("TVA à 20\u00a0%", Decimal("200.00")),)
    assert (page.totals.net, page.totals.payable) == (Decimal("1000.00"), Decimal("1200.00"))
    assert (page.row.state, page.row.due_on) == ("en route vers vous", None)


def test_an_invoice_is_followed_until_it_is_paid(books):
    invoice = by_operator(an_invoice, books, {PONT: 640})

    def row(days: int):
        return invoices.invoice_page(invoice.pk, TODAY + days * DAY).row

    flow = by_operator(deposit, invoice, flow_number="FLUX-1", on=TODAY, by=OPERATOR)
    assert (row(0).state, row(0).due_on) == ("à payer", TODAY + 30 * DAY)
    assert invoices.late_invoices(TODAY + 30 * DAY) == ()
    assert (row(31).state, row(31).days_late) == ("en retard", 1)
    assert [one.number for one in invoices.late_invoices(TODAY + 31 * DAY)] == [invoice.number]
    by_operator(note_status, flow, code="SUSPENDUE", said_on=TODAY + DAY, by=OPERATOR, words="Il manque une pièce")
    assert row(31).state == "suspendue par l’acheteur"
    by_operator(note_status, flow, code="COMPLETEE", said_on=TODAY + 2 * DAY, by=OPERATOR)
    money = {"received_on": TODAY, "by": OPERATOR}
    buyer = by_operator(Buyer.objects.get)
    for number, amount in enumerate(("200.00", "1000.00")):
        paid = by_operator(receive, buyer, amount=Decimal(amount), bank_reference=f"V{number}", **money)
        by_operator(allocate, paid, {invoice: Decimal(amount)}, by=OPERATOR)
        assert row(3).state == ("payée en partie", "payée")[number]
    page = invoices.invoice_page(invoice.pk, TODAY)
    assert page.payments == ((TODAY, Decimal("200.00")), (TODAY, Decimal("1000.00")))
    assert page.row.left == 0
    assert page.sendings[0].words == "Déposée à la main sur Chorus Pro le 27 novembre 2026, numéro de flux FLUX-1"
    assert page.sendings[0].statuses[0][1].endswith("(Il manque une pièce)")


def test_files_are_the_bytes_that_were_stored(books):
    invoice = by_operator(an_invoice, books, {PONT: 640})
    found = papers.file_of_invoice(invoice.pk, DocumentKind.PDF)
    assert (found.name, found.content, found.content_type) == (
        "FA-2026-00001.pdf", PDF + f"FA-2026-00001, {invoice.pk}".encode(), "application/pdf",
    )  # fmt: skip
    with pytest.raises(NotHereError):
        papers.file_of_quote(invoice.pk, DocumentKind.PDF)
    with pytest.raises(NotHereError):
        invoices.invoice_page(invoice.pk + 1, TODAY)


def test_a_credit_note_names_its_invoice_and_why(books):
    rows = town_books(books)
    page = invoices.invoice_page(rows.credit_note.pk, TODAY)
    assert (page.source, page.reason, page.row.state) == (
        (rows.invoice.pk, rows.invoice.number), "erreur de notre part", "avoir",
    )  # fmt: skip
    assert page.row.payable == Decimal("-60.00")
    assert [one.pk for one in invoices.invoice_page(rows.invoice.pk, TODAY).credit_notes] == [rows.credit_note.pk]


def test_a_quote_says_its_terms_and_how_it_was_accepted(books):
    rows = town_books(books)
    page = quotes.quote_page(rows.accepted.pk, TODAY)
    assert page.accepted.startswith("Accepté par Anne Roy, Directrice du CCAS, le ")
    assert page.has_signed_file
    assert page.terms[0].startswith("Prix : 1,00\u00a0€ par senior")
    assert quotes.signed_quote(rows.accepted.pk).content == PDF + b"60509"
    assert {one.state for one in quotes.quotes_of_town(TODAY)} == {"accepté", "à accepter"}


# --- How many queries, whatever there is


def asks(queries, read) -> int:
    with queries() as seen:
        read()
    return len(seen)


@pytest.fixture
def queries(django_assert_max_num_queries):
    return lambda: django_assert_max_num_queries(60)


def test_pages_ask_as_much_for_one_row_as_for_many(books, queries):
    rows, today, now = town_books(books), timezone.localdate(), timezone.now()
    pages = {
        "contract": lambda: contracts.contract_page(today),
        "counts": lambda: counts.counts_of_town(now),
        "count": lambda: counts.count_page(rows.proposed.pk, now),
        "invoices": lambda: invoices.invoices_of_town(today),
        "quotes": lambda: quotes.quotes_of_town(today),
        "invoice": lambda: invoices.invoice_page(rows.invoice.pk, today),
        "numbers": lambda: numbers.numbers_page(today),
    }
    coming = numbers.numbers_page(today).periods[1]
    before = {name: asks(queries, read) for name, read in pages.items()}
    for number in range(6):
        day = today + number * DAY
        shown(rows.contract, {PONT: 700 + number, CREIL: 5}, as_of=day)
        counts.contest_count(rows.proposed.pk, words=f"Non, {number}.", by=BY, now=now)
        by_operator(answer_contest, rows.proposed, words="Si.", by=OPERATOR)
        numbers.give_number(starts_on=coming.period.start, number=f"EJ-{number}", by=BY, today=today)
    after = {name: asks(queries, read) for name, read in pages.items()}
    assert after == before
    assert max(after.values()) <= 30, after


# --- Words


def test_numbers_and_places_as_people_say_them():
    assert (seniors(1), seniors(1200)) == ("1\u00a0senior", "1\u00a0200\u00a0seniors")
    assert places(["Creil"]) == "à Creil"
    assert places(["Creil", "Nogent", "Pont"]) == "à Creil, Nogent et Pont"
    assert places(["a"] * 52) == "dans 52 communes"
    assert decimals(Decimal("612.4381000000000000")) == "612,4381"
    assert decimals(Decimal("1200.0000000000000000")) == "1\u00a0200"
    assert decimals(Decimal(0)) == "0"


def test_a_contract_whose_last_day_is_past_is_said_to_be_over(books):
    contract = by_operator(signed, books, PONT, ends_on=datetime.date(2027, 10, 1))
    by_operator(Contract.objects.filter(pk=contract.pk).update, state="active")
    last = contracts.contract_page(datetime.date(2027, 9, 30))
    assert (last.is_over, last.state, last.state_words) == (False, "en cours", "Il est en cours.")
    over = contracts.contract_page(datetime.date(2027, 10, 1))
    assert (over.is_over, over.state, over.state_words) == (True, "terminé", "Il est terminé.")


def test_bytes_that_are_not_those_sealed_are_never_served(books):
    invoice = by_operator(an_invoice, books, {PONT: 640})
    kept = by_operator(invoice.files.get, kind="pdf")
    told = ("FA-2026-00001", kept.content, kept.sha256)
    assert papers.stored(told, DocumentKind.PDF).content == kept.content
    with pytest.raises(DamagedError, match="FA-2026-00001 a changé"):
        papers.stored(("FA-2026-00001", b"%PDF-another", kept.sha256), DocumentKind.PDF)
