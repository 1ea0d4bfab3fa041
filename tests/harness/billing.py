"""Contracts and counts for tests: said whole, since nothing of a contract has a default."""

import datetime
from decimal import Decimal
from typing import Any

from billing.contracts import Price, sign
from billing.drafting import prepare_yearly
from billing.enums import (
    Adjusting,
    BuyerKind,
    CountBasis,
    CountedOn,
    DocumentKind,
    FloorScope,
    PriceBasis,
    ReviewStep,
    VatRegime,
    YearStart,
)
from billing.filing import keep
from billing.issuing import issue
from billing.models import (
    Buyer,
    Contract,
    CountLine,
    CountReview,
    CountSnapshot,
    DocumentFile,
    FinanceContact,
    Invoice,
    Quote,
    Seller,
    SellerRegime,
)
from billing.quoting import prepare
from geography.models import Commune
from tenants.registry import TownEntry

SIRET = "21600509000016"
TODAY = datetime.date(2026, 11, 27)
PDF = b"%PDF-1.7\nSign\xc3\xa9\n%%EOF\n"
OPERATOR, OTHER_OPERATOR = "operatrice@palier.example", "autre.operateur@palier.example"
TERMS: dict[str, Any] = {
    "signed_on": datetime.date(2026, 9, 15),
    "begins_on": datetime.date(2026, 10, 1),
    "year_start": YearStart.ANNIVERSARY,
    "count_basis": CountBasis.CENSUS,
    "age": 60,
    "counted_on": CountedOn.FIRST_DAY,
    "price_basis": PriceBasis.NET,
    "floor_scope": FloorScope.CONTRACT,
    "prorates_floor": True,
    "adjusting": Adjusting.IN_YEAR,
    "least_adjustment": Decimal("15.00"),
}


def a_buyer(**changes: Any) -> Buyer:
    """A CCAS, with what the law asks of its invoices."""
    said = {
        "kind": BuyerKind.PUBLIC,
        "name": "CCAS de Pont-Sainte-Maxence",
        "siret": SIRET,
        "street": "1 place Pierre Mendès France",
        "postal_code": "60700",
        "city": "Pont-Sainte-Maxence",
    }
    return Buyer.objects.create(**said | changes)


def unsigned(entry: TownEntry | None, **changes: Any) -> Contract:
    """A contract of a town, not kept yet."""
    buyer = changes.pop("buyer", None) or a_buyer()
    return Contract(**{"town_id": entry.id if entry else None, "buyer": buyer} | TERMS | changes)


def signed(entry: TownEntry | None, *communes: str, unit: str = "1", floor: str = "1000", **changes: Any) -> Contract:
    """A contract of communes, by their INSEE codes, with its price."""
    price = Price(Decimal(unit), Decimal(floor))
    covered = Commune.objects.filter(code__in=communes)
    return sign(unsigned(entry, **changes), price=price, communes=covered, by=OPERATOR)


def a_count(contract: Contract, by_commune: dict[str, int], **changes: Any) -> CountSnapshot:
    """A count from a file of the census."""
    said = {
        "as_of": contract.begins_on,
        "basis": contract.count_basis,
        "age": contract.age,
        "total": sum(by_commune.values()),
        "source": "exemple-insee.csv",
        "vintage": 2022,
        "sha256": "0" * 64,
        "is_example": True,
        "counted_by": OPERATOR,
    }
    snapshot = CountSnapshot.objects.create(contract=contract, **said | changes)
    for code, count in by_commune.items():
        CountLine.objects.create(snapshot=snapshot, commune_id=code, read=Decimal(count), count=count)
    return snapshot


def a_seller(regime: VatRegime = VatRegime.TAXED, **changes: Any) -> Seller:
    """The operator, and its VAT since 2020."""
    said = {
        "name": "Palier",
        "legal_form": "SCIC SA à capital variable",
        "siret": "73282932000074",
        "register": "RCS Nantes 732 829 320",
        "vat_number": "FR44732829320" if regime == VatRegime.TAXED else "",
        "street": "12 rue des Voisins",
        "postal_code": "44000",
        "city": "Nantes",
        "email": "facturation@palier.example",
        "telephone": "02 61 91 00 00",
        "iban": "FR7630006000011234567890189",
    }
    seller = Seller.objects.create(**said | changes)
    SellerRegime.objects.create(seller=seller, regime=regime, starts_on=datetime.date(2020, 1, 1), on_debits=False)
    return seller


def approved(count: CountSnapshot) -> CountSnapshot:
    """That count, which the town was shown."""
    for step in (ReviewStep.SHOWN, ReviewStep.APPROVED):
        CountReview.objects.create(snapshot=count, step=step, by=OPERATOR)
    return count


def ready(entry: TownEntry | None, by_commune: dict[str, int], **changes: Any) -> Contract:
    """A contract whose count is approved."""
    contract = signed(entry, *by_commune, **changes)
    approved(a_count(contract, by_commune))
    return contract


def quoted(
    entry: TownEntry | None, by_commune: dict[str, int], *, unit: str = "1", floor: str = "1000", **changes: Any
) -> Quote:
    """A quote in preparation, of numbers that somebody wrote; of a town, or of a buyer who has none yet."""
    said = {"town_id": entry.id if entry else None, "buyer": changes.pop("buyer", None) or a_buyer()}
    again, seller = changes.pop("again", None), changes.pop("seller", None) or Seller.objects.first() or a_seller()
    return prepare(
        Contract(**said | TERMS | {"signed_on": None} | changes),
        seller=seller,
        price=Price(Decimal(unit), Decimal(floor)),
        communes=Commune.objects.filter(code__in=by_commune),
        numbers=by_commune,
        source="Courrier du 1er septembre 2026",
        on=TODAY,
        by=OPERATOR,
        again=again,
    )


def an_invoice(entry: TownEntry, by_commune: dict[str, int], *, on: datetime.date = TODAY, **changes: Any) -> Invoice:
    """An invoice of the first year of a contract, issued on a day; its PDF is a few bytes."""
    seller = changes.pop("seller", None) or Seller.objects.first() or a_seller()
    contract = ready(entry, by_commune, **changes)
    invoice = issue(prepare_yearly(contract, seller, on=contract.begins_on, by=OPERATOR), on=on, by=OPERATOR)
    its_pdf(invoice)
    return invoice


def its_pdf(invoice: Invoice) -> DocumentFile:
    """A few bytes that are no other document's, in place of what the job makes."""
    return keep(invoice, DocumentKind.PDF, PDF + f"{invoice.number}, {invoice.pk}".encode())


def a_contact(buyer: Buyer, name: str = "Mme Roy") -> FinanceContact:
    """Somebody of finance at a buyer's."""
    email = f"{name.rsplit(maxsplit=1)[-1].lower()}.{buyer.pk}@ccas.example"
    return FinanceContact.objects.create(buyer=buyer, name=name, email=email)
