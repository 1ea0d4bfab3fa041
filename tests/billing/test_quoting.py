"""Quotes: priced as invoices are, numbered and frozen when they leave, accepted once, on a paper, or declined."""

import datetime
import hashlib
import io
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from billing import quoting
from billing.contracts import NotAllowedError
from billing.drafting import NotReadyError, prepare_yearly
from billing.enums import CountBasis, CountedOn, FloorScope, PriceBasis, QuoteState, VatRegime, YearStart
from billing.issuing import issue
from billing.models import Contract, CountSnapshot, Quote, QuoteAcceptance, QuoteStep, Series
from billing.verifying import verify
from geography.models import AgeCount, Census
from harness.billing import OPERATOR, PDF, TODAY, a_buyer, a_seller, approved, quoted, ready

PONT, LORMES = "60509", "58145"
A_WEEK = datetime.timedelta(days=7)
SIGNED = {"name": "Mme  Roy", "function": "Directrice", "file_name": "C:\\scan\\devis signé.pdf", "content": PDF}


def sent(quote, on=TODAY, **said):
    return quoting.send(quote, on=on, by=OPERATOR, **said)


def accepted(quote, on=TODAY + A_WEEK, **changes):
    said = SIGNED | {"on": on, "by": OPERATOR, "today": TODAY + A_WEEK * 4} | changes
    return quoting.accept_signed(quote, **said)


def ordered(quote, **changes):
    said = {
        "name": "Mme Roy",
        "function": "Directrice",
        "on": TODAY + A_WEEK,
        "by": OPERATOR,
        "order_number": " BC-12 ",
    }
    return quoting.accept_by_order(quote, **said | {"today": TODAY + A_WEEK * 4} | changes)


def test_a_quote_is_priced_as_an_invoice_with_the_minimum_as_its_own_line(books):
    quote = quoted(books, {PONT: 640}, unit="1.0000")
    assert (quote.state, quote.number, quote.payload) == (QuoteState.PREPARED, "", None)
    assert [(line["words"], line["count"], line["net"]) for line in quote.lines] == [
        (
            "Palier, du 1er octobre 2026 au 30 septembre 2027, par senior de 60 ans et plus et par an", 640, "640.00",
        ),
        ("Complément au minimum annuel, du 1er octobre 2026 au 30 septembre 2027", 1, "360.00"),
    ]  # fmt: skip
    invoice_lines = prepare_yearly(ready(books, {PONT: 640}), a_seller(), on=TODAY, by=OPERATOR).lines
    for line in (*quote.lines, *invoice_lines):
        line.pop("evidence")
    assert quote.lines == invoice_lines


@pytest.mark.parametrize(
    ("count", "changes", "net", "payable"),
    [
        (0, {}, "1000.00", "1200.00"),
        (1000, {}, "1000.00", "1200.00"),
        (85_745, {}, "85745.00", "102894.00"),
        (640, {"price_basis": PriceBasis.GROSS}, "833.33", "1000.00"),
        (640, {"year_start": YearStart.CALENDAR}, "252.05", "302.46"),
    ],
)
def test_totals_of_a_quote_are_those_of_its_invoice(books, count, changes, net, payable):
    payload = quoting.preview(quoted(books, {PONT: count}, **changes), on=TODAY)
    assert (payload["totals"]["net"], payload["totals"]["payable"]) == (net, payable)


def test_each_commune_owes_its_minimum_where_the_terms_say_so(books):
    quote = quoted(None, {PONT: 640, LORMES: 200}, floor_scope=FloorScope.COMMUNE)
    assert sum(Decimal(line["net"]) for line in quote.lines) == Decimal("2000.00")


def test_it_is_prepared_again_while_it_is_in_preparation(books):
    quote = quoted(books, {PONT: 640})
    again = quoted(books, {PONT: 1640}, unit="1.5", again=quote, buyer=quote.buyer)
    assert again.pk == quote.pk
    assert [line["net"] for line in again.lines] == ["2460.00"]
    sent(again)
    with pytest.raises(NotAllowedError, match="Ce devis est envoyé"):
        quoted(books, {PONT: 1}, again=quote, buyer=quote.buyer)


def test_the_same_that_waits_is_the_one_that_is_prepared(books):
    said = {"buyer": a_buyer(), "seller": a_seller()}
    first = quoted(books, {PONT: 640}, **said)
    assert quoted(books, {PONT: 640}, **said) == first
    others = [quoted(books, {PONT: 641}, **said), quoted(books, {PONT: 640}, unit="1.1", **said)]
    others += [quoted(None, {PONT: 640}, **said), quoted(books, {PONT: 640}, buyer=a_buyer())]
    assert Quote.objects.count() == len({first, *others}) == 5
    sent(first)
    assert quoted(books, {PONT: 640}, **said) not in {first, *others}, "what is sent waits no more"


def test_a_quote_reads_the_census_where_no_number_is_given(books):
    made = Census.objects.create(vintage=2022, file_name="exemple-insee.csv", sha256="a" * 64)
    AgeCount.objects.create(
        commune_id=PONT, census=made, aged_60_to_74=Decimal("1408.1"), aged_75_or_more=Decimal("1000.3")
    )
    first = quoted(None, {PONT: 1})
    contract = quoting._contract(first)
    said = {"seller": first.seller, "price": quoting.Price(Decimal(1), Decimal(1000)), "on": TODAY, "by": OPERATOR}
    communes = [one.commune for one in AgeCount.objects.all()]
    quote = quoting.prepare(contract, communes=communes, **said)
    assert quote.terms["communes"] == [
        {"code": PONT, "name": "Pont-Sainte-Maxence", "read": "2408.4000000000000000", "count": 2408}
    ]
    assert quote.terms["source"] == {
        "words": "exemple-insee.csv", "vintage": 2022, "sha256": "a" * 64, "is_example": True,
    }  # fmt: skip
    assert sent(quote).payload["is_example"] is True
    contract.count_basis = CountBasis.REGISTERED
    with pytest.raises(ValidationError, match="Donnez les seniors"):
        quoting.prepare(contract, communes=communes, **said)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "-1"}, "__all__"),
        ({"floor": "0.001"}, "floor"),
        ({"age": 65}, "__all__"),
        ({"least_adjustment": None}, "least_adjustment"),
        ({"ends_on": datetime.date(2026, 10, 1)}, "__all__"),
    ],
)
def test_what_its_contract_would_refuse_is_refused_at_once(books, changes, field):
    with pytest.raises(ValidationError) as refusal:
        quoted(books, {PONT: 640}, **changes)
    assert field in refusal.value.message_dict
    assert not Quote.objects.exists()


@pytest.mark.parametrize(("count", "told"), [(-1, "zéro au moins"), (10_000_001, "autant de seniors")])
def test_no_impossible_number_is_quoted(books, count, told):
    with pytest.raises(ValidationError, match=told):
        quoted(books, {PONT: count})


def test_a_town_that_has_a_contract_is_not_quoted_another_for_the_same_days(books):
    ready(books, {PONT: 640})
    with pytest.raises(ValidationError, match="a déjà un contrat"):
        quoted(books, {PONT: 640})


def test_sent_it_has_a_number_a_validity_and_never_changes(books):
    quote = sent(quoted(books, {PONT: 640}, buyer=a_buyer(name="CCAS de Pont")), valid_days=60)
    assert (quote.number, quote.valid_until) == ("DE-2026-00001", datetime.date(2027, 1, 26))
    said = quote.payload
    assert {"type", "number", "issued_on", "valid_until", "seller", "buyer", "period", "lines", "vat", "totals",
            "mentions", "terms"} <= set(said)  # fmt: skip
    assert (said["type"], said["number"], said["issued_on"], said["valid_until"]) == (
        "quote", "DE-2026-00001", "2026-11-27", "2027-01-26",
    )  # fmt: skip
    assert "due_on" not in said
    assert said["terms"]["words"] == [
        "Prix : 1,00\u00a0€ par senior et par an, 1\u00a0000,00\u00a0€ au moins, hors taxes.",
        "Sont comptés, à partir de 60 ans : habitants recensés par l’INSEE, le premier jour de la période.",
        "Le minimum annuel est dû par le contrat, une fois, au prorata des jours.",
        "Le contrat commence le 1er octobre 2026 ; ses périodes commencent le jour anniversaire du contrat.",
        "Une différence de 15,00\u00a0€ au moins est facturée, ou rendue, dès qu’elle est connue.",
    ]
    quote.buyer.name = "Autre nom"
    quote.buyer.save()
    assert Quote.objects.get().payload["buyer"]["name"] == "CCAS de Pont"
    for change in ({"terms": {}}, {"valid_until": "2030-01-01"}, {"lines": []}, {"state": "prepared"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Quote.objects.update(**change)
    with pytest.raises(NotAllowedError, match="Ce devis est envoyé"):
        sent(quote)
    assert Series.objects.get().last_rank == 1
    assert list(verify()) == [], "the chain of invoices knows nothing of quotes"


def test_its_pdf_says_what_is_offered_and_how_to_accept_it(books):
    quote = sent(quoted(books, {PONT: 640}))
    pages = PdfReader(io.BytesIO(bytes(quote.files.get().content))).pages
    said = " ".join("".join(page.extract_text() for page in pages).split())
    for words in (
        "Devis DE-2026-00001", "Complément au minimum annuel", "au plus tard le 25 février 2027", "640 personnes",
        "1 000,00 € au moins, hors taxes", "1 200,00 €",
    ):  # fmt: skip
        assert words in said.replace("\u00a0", " "), words
    for once in ("nombre convenu par écrit : Courrier du 1er septembre 2026", "dès qu’elle est connue"):
        assert said.count(once) == 1


def test_numbers_follow_each_other_and_dates_never_go_back(books):
    first, second, third = (quoted(None, {PONT: 640}) for _ in range(3))
    assert [sent(first).number, sent(second).number] == ["DE-2026-00001", "DE-2026-00002"]
    with pytest.raises(NotReadyError, match="daté du 27 novembre 2026"):
        sent(third, on=TODAY - A_WEEK)
    with pytest.raises(ValidationError, match="un jour au moins"):
        sent(third, valid_days=0)
    assert sent(third, on=datetime.date(2027, 1, 4)).number == "DE-2027-00001"


def test_the_vat_is_that_of_the_day_it_is_sent(books):
    seller = a_seller(VatRegime.FRANCHISE)
    quote = quoted(None, {PONT: 640}, seller=seller)
    seller.regimes.create(regime=VatRegime.TAXED, starts_on=TODAY, on_debits=False)
    assert sent(quote).payload["totals"]["payable"] == "1200.00"


def test_a_signed_pdf_makes_the_contract_that_was_offered(books):
    quote = sent(quoted(books, {PONT: 640}, unit="1.0305", reference="MAPA-4", ends_on=datetime.date(2029, 10, 1)))
    contract = accepted(quote)
    kept = QuoteAcceptance.objects.get()
    assert (kept.file_name, bytes(kept.content), kept.sha256) == (
        "devis signé.pdf", PDF, hashlib.sha256(PDF).hexdigest(),
    )  # fmt: skip
    assert (kept.name, kept.function, kept.accepted_on, kept.kept_by) == (
        "Mme Roy", "Directrice", TODAY + A_WEEK, OPERATOR,
    )  # fmt: skip
    quote.refresh_from_db()
    assert (quote.state, quote.contract) == (QuoteState.ACCEPTED, contract)
    assert list(quote.steps.values_list("state", flat=True)) == ["sent", "accepted"]
    contract = Contract.objects.get()
    assert (contract.town_id, contract.signed_on, contract.ends_on, contract.reference, contract.prorates_floor) == (
        books.id, TODAY + A_WEEK, datetime.date(2029, 10, 1), "MAPA-4", True,
    )  # fmt: skip
    assert [(one.unit, one.floor) for one in contract.prices.all()] == [(Decimal("1.0305"), Decimal(1000))]
    assert [one.commune_id for one in contract.memberships.all()] == [PONT]
    assert not CountSnapshot.objects.exists(), "a census is counted, not signed"


def test_an_order_gives_the_number_of_the_first_invoice(books):
    contract = ordered(sent(quoted(None, {PONT: 640})))
    kept = QuoteAcceptance.objects.get()
    assert (kept.proof, kept.order_number, kept.content) == ("order", "BC-12", None)
    assert [(one.number, one.year_starts_on) for one in contract.engagements.all()] == [("BC-12", contract.begins_on)]


def test_numbers_agreed_in_a_quote_are_the_first_count(books):
    terms = {"count_basis": CountBasis.AGREED, "counted_on": CountedOn.QUARTER_BEFORE}
    accepted(sent(quoted(None, {PONT: 640, LORMES: 12}, **terms)))
    count = CountSnapshot.objects.get()
    assert (count.total, count.as_of, count.source) == (
        652, datetime.date(2026, 10, 1), "Devis DE-2026-00001 accepté le 4 décembre 2026",
    )  # fmt: skip
    assert not count.reviews.exists(), "its town has thirty days, as for any count"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": b""}, "content"),
        ({"content": b"<html>%PDF-1.7 %%EOF"}, "content"),
        ({"content": b"%PDF-1.7 cut"}, "content"),
        ({"content": PDF + b" " * quoting.MOST_BYTES}, "content"),
        ({"name": " "}, "name"),
        ({"function": ""}, "function"),
        ({"on": TODAY - A_WEEK}, "accepted_on"),
        ({"on": TODAY + A_WEEK * 5}, "accepted_on"),
    ],
)
def test_what_proves_nothing_accepts_nothing(books, changes, field):
    quote = sent(quoted(books, {PONT: 640}))
    with pytest.raises(ValidationError) as refusal:
        accepted(quote, **changes)
    assert field in refusal.value.message_dict
    assert not Contract.objects.exists()
    assert not QuoteAcceptance.objects.exists()
    assert Quote.objects.get().state == QuoteState.SENT


@pytest.mark.parametrize("number", ["", "  ", "B" * 51])
def test_an_order_has_a_number(books, number):
    with pytest.raises(ValidationError) as refusal:
        ordered(sent(quoted(books, {PONT: 640})), order_number=number)
    assert set(refusal.value.message_dict) == {"order_number"}
    assert not Contract.objects.exists()


def test_a_long_name_of_file_keeps_its_end(books):
    accepted(sent(quoted(books, {PONT: 640})), file_name="é" * 120 + "/" + "a" * 120 + ".pdf")
    assert QuoteAcceptance.objects.get().file_name == "a" * 96 + ".pdf"


def test_a_quote_that_is_over_is_made_anew(books):
    quote = sent(quoted(books, {PONT: 640}), valid_days=10)
    late = TODAY + datetime.timedelta(days=11)
    assert [quoting.is_over(quote, day) for day in (TODAY, late)] == [False, True]
    with pytest.raises(NotAllowedError, match="n’était valable que jusqu’au 7 décembre 2026"):
        accepted(quote, on=late)
    assert not quoting.may_renew(quote, TODAY)
    with pytest.raises(NotAllowedError, match="rien n’est à refaire"):
        quoting.renew(quote, by=OPERATOR, today=TODAY)
    renewed = quoting.renew(quote, by=OPERATOR, today=late)
    assert quoting.renew(quote, by=OPERATOR, today=late) == renewed
    assert accepted_of(renewed).quote.number == "DE-2026-00002"
    with pytest.raises(NotAllowedError, match="son contrat est signé"):
        quoting.renew(Quote.objects.first(), by=OPERATOR, today=late)


def accepted_of(quote):
    return accepted(sent(quote))


def test_signed_in_time_it_is_accepted_when_its_paper_comes(books):
    quote = sent(quoted(books, {PONT: 640}), valid_days=10)
    assert accepted(quote, on=TODAY + A_WEEK, today=TODAY + A_WEEK * 2).signed_on == TODAY + A_WEEK


def test_it_is_declined_with_words_and_nothing_more_becomes_of_it(books):
    quote = sent(quoted(books, {PONT: 640}))
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        quoting.decline(quote, words=" ", by=OPERATOR)
    quoting.decline(quote, words="Le budget est voté  en mars.", by=OPERATOR)
    assert QuoteStep.objects.last().words == "Le budget est voté en mars."
    for wrong in (accepted, ordered, lambda one: quoting.decline(one, words="Non", by=OPERATOR), sent):
        with pytest.raises(NotAllowedError, match="Ce devis est refusé"):
            wrong(quote)
    assert [change.name for change in quoting.possible_changes(Quote.objects.get())] == []


@pytest.mark.parametrize("state", [QuoteState.PREPARED, QuoteState.ACCEPTED])
def test_only_what_was_sent_is_accepted_and_once(books, state):
    quote = quoted(books, {PONT: 640})
    if state == QuoteState.ACCEPTED:
        accepted(sent(quote))
    with pytest.raises(NotAllowedError):
        accepted(quote)
    assert Contract.objects.count() == (state == QuoteState.ACCEPTED)


def test_a_contract_signed_meanwhile_refuses_the_quote_whole(books):
    quote = sent(quoted(books, {PONT: 640}))
    ready(books, {PONT: 640})
    with pytest.raises(ValidationError, match="a déjà un contrat"):
        accepted(quote)
    assert (Quote.objects.get().state, QuoteAcceptance.objects.count()) == (QuoteState.SENT, 0)


def test_what_was_offered_is_what_is_invoiced(books):
    quote = sent(quoted(books, {PONT: 640}, count_basis=CountBasis.AGREED))
    contract = accepted(quote)
    approved(contract.counts.get())
    draft = prepare_yearly(contract, quote.seller, on=contract.begins_on, by=OPERATOR)
    invoice = issue(draft, on=TODAY + A_WEEK, by=OPERATOR)
    quote.refresh_from_db()
    assert invoice.payload["totals"] == quote.payload["totals"]


def test_hostile_words_are_kept_as_words(books):
    name = "<script>\u202e$(rm -rf)'; DROP TABLE billing_quote;--"
    quote = sent(quoted(None, {PONT: 640}, buyer=a_buyer(name=name)))
    assert quote.payload["buyer"]["name"] == name
    assert json.loads(json.dumps(quote.payload)) == quote.payload
