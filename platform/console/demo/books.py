"""The operator's books in the demonstration: what the six towns signed, were billed, owe, and paid. All invented.

Seniors come from `exemple-insee.csv`, whose figures nobody counted: each screen and document says so.
"""

import datetime
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

import geography
from billing.adjusting import prepare_adjustment
from billing.contracts import Price, join, sign, take, year_of
from billing.count_states import SHOWN_FOR
from billing.counting import approve, count_as_agreed, count_from_census, show
from billing.drafting import prepare_yearly
from billing.engagements import give
from billing.enums import (
    BEGIN,
    Adjusting,
    BuyerKind,
    BuyerRequirement,
    CountBasis,
    CountedOn,
    FloorScope,
    PriceBasis,
    VatRegime,
    YearStart,
)
from billing.issuing import issue
from billing.late import note_rate
from billing.models import Buyer, Contract, FinanceContact, Invoice, Seller, SellerRegime
from billing.paying import allocate, receive
from billing.quoting import prepare, send
from billing.sending import deposit, note_status
from core.dates import months_after
from geography.models import Census, Commune
from geography.services import import_ages
from tenants.context import platform_context
from tenants.models import Town

FIGURES = Path(geography.__file__).parent / "data" / "exemple-insee.csv"
NOT_OPEN = "60670"
PRICE = Price(Decimal("1.00"), Decimal("1000.00"))
A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Agreed:
    """A town of the demo, who pays for it, and how many months ago its contract began (below zero: to come)."""

    town: str
    buyer: dict[str, Any]
    months_ago: int
    contact: str = ""
    terms: dict[str, Any] | None = None


PONT, LILLE, GRENOBLE = "Pont-Sainte-Maxence", "Lille", "Grenoble"
MORMAL, LOIRE, LORMES = "Pays de Mormal", "Loire-Atlantique", "Faire compagnie autour de Lormes"
AGREED = (
    Agreed(
        PONT,
        {
            "name": "CCAS de Pont-Sainte-Maxence", "siret": "26600509900012", "street": "Place Pierre-Mendès-France",
            "postal_code": "60700", "city": "Pont-Sainte-Maxence", "requirement": BuyerRequirement.ENGAGEMENT,
        },
        14, "Mme Marchand",
    ),
    Agreed(
        LILLE,
        {
            "name": "CCAS de Lille", "siret": "26590350000014", "street": "Place Augustin-Laurent",
            "postal_code": "59000", "city": "Lille", "requirement": BuyerRequirement.SERVICE,
            "service_code": "CCAS-SENIORS",
        },
        3, "M. Delattre",
    ),
    Agreed(
        GRENOBLE,
        {
            "name": "CCAS de Grenoble", "siret": "26380185400013", "street": "28 galerie de l’Arlequin",
            "postal_code": "38100", "city": "Grenoble",
        },
        4, "Mme Berthier",
    ),
    Agreed(
        MORMAL,
        {
            "name": "Communauté de communes du Pays de Mormal", "siret": "20004332100013", "street": "18 rue Chevray",
            "postal_code": "59530", "city": "Le Quesnoy",
        },
        5, "M. Lecomte",
    ),
    Agreed(
        LOIRE,
        {
            "name": "Département de la Loire-Atlantique", "siret": "22440000200016", "street": "3 quai Ceineray",
            "postal_code": "44000", "city": "Nantes", "requirement": BuyerRequirement.SERVICE_OR_ENGAGEMENT,
        },
        -1, "Mme Le Gall", {"age": 75, "year_start": YearStart.CALENDAR},
    ),
    Agreed(
        LORMES,
        {
            "name": "Centre social des Portes du Morvan", "siret": "78500010000012", "kind": BuyerKind.ASSOCIATION,
            "street": "4 route d’Avallon", "postal_code": "58140", "city": "Lormes",
        },
        1, "", {"count_basis": CountBasis.AGREED},
    ),
)  # fmt: skip
TERMS: dict[str, Any] = {
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


def keep_books(*, by: str) -> None:
    """Fill the books, once; stopped on the way, nothing of them is kept and the next call does it all."""
    with platform_context():
        if Contract.objects.exists():
            return
        if not Census.objects.exists():
            import_ages(FIGURES, hashlib.sha256(FIGURES.read_bytes()).hexdigest())
        _Books(timezone.localdate(), by).tell()


class _Books:
    """The books of a demonstration that is opened today."""

    def __init__(self, today: datetime.date, by: str) -> None:
        self.today, self.by, self.seller = today, by, _seller()
        self.contracts = {one.town: self._sign(one) for one in AGREED}

    def tell(self) -> None:
        """Invoices in the order of their days: numbers never go back."""
        note_rate(
            starts_on=datetime.date(self.today.year - 2, 1, 1),
            percent=Decimal("2.15"),
            source="Taux d’exemple : à lire sur le site de la Banque de France",
            by=self.by,
        )
        pont = self.contracts[PONT]
        first = self._issue(pont, months_after(self.today, -13))
        self._send(first, "FLX-88120431", after=("MISE_A_DISPOSITION", "MANDATEE"))
        self._pay(first, first.payable, days=24)
        mormal = self._issue_all_but_one()
        self._send(mormal, "FLX-90215507", after=("MISE_A_DISPOSITION", "SERVICE_FAIT", "MANDATEE"))
        self._pay(mormal, mormal.payable, days=30)
        grenoble = self._issue(self.contracts[GRENOBLE], self._ago(100))
        self._send(grenoble, "FLX-90977214", after=("MISE_A_DISPOSITION", "MANDATEE"))
        self._pay(grenoble, grenoble.payable, days=28)
        late = self._issue(pont, self._ago(52))
        self._send(late, "FLX-91844002", after=("MISE_A_DISPOSITION",))
        lille = self._issue(self.contracts[LILLE], self._ago(12))
        self._send(lille, "FLX-92310118", after=("MISE_A_DISPOSITION",))
        self._issue(self.contracts[LORMES], self.today)
        self._count(self.contracts[LOIRE], self.contracts[LOIRE].begins_on, is_read=False)
        prepare_adjustment(
            self.contracts[MORMAL], year_of_day=self.today, issued_on=self.today, by=self.by
        )  # fmt: skip
        self._quote()

    def _sign(self, agreed: Agreed) -> Contract:
        buyer = Buyer.objects.create(**{"kind": BuyerKind.PUBLIC} | agreed.buyer)
        if agreed.contact:
            email = f"finances@{agreed.buyer['city'].lower().replace(' ', '-')}.example"
            FinanceContact.objects.create(buyer=buyer, name=agreed.contact, email=email)
        begins_on = months_after(self.today.replace(day=1), -agreed.months_ago)
        if agreed.terms and agreed.terms.get("year_start") == YearStart.CALENDAR:
            begins_on = datetime.date(self.today.year + 1, 1, 1)
        town = Town.objects.get(name=agreed.town)
        contract = Contract(
            town=town,
            buyer=buyer,
            signed_on=min(begins_on, self.today) - 20 * A_DAY,
            begins_on=begins_on,
            **TERMS | (agreed.terms or {}),
        )
        communes = list(town.communes.order_by("code"))
        if agreed.town == MORMAL:
            # The last one joins since.
            communes = communes[:-1]
        sign(contract, price=PRICE, communes=communes, by=self.by)
        if begins_on <= self.today:
            take(contract, BEGIN, by=self.by, words="Le contrat commence.", today=self.today)
        return contract

    def _count(self, contract: Contract, day: datetime.date, *, is_read: bool = True) -> None:
        """Count at a day, once; shown, and read for thirty days unless it is said otherwise."""
        if contract.counts.filter(as_of=day).exists():
            return
        if contract.count_basis == CountBasis.AGREED:
            covered = Commune.objects.filter(code__in=contract.memberships.covering(day).values("commune"))
            numbers = {one.code: (one.population or 0) // 3 for one in covered}
            count = count_as_agreed(
                contract, numbers, as_of=day, by=self.by, source="Exemple : convention du centre social"
            )
        else:
            count = count_from_census(contract, as_of=day, by=self.by)
        show(count, by=self.by)
        if is_read:
            approve(count, by=self.by, now=timezone.now() + SHOWN_FOR + datetime.timedelta(days=1))

    def _issue(self, contract: Contract, on: datetime.date) -> Invoice:
        year = year_of(contract, max(on, contract.begins_on))
        self._count(contract, max(year.start, contract.begins_on))
        if contract.buyer.requirement == BuyerRequirement.ENGAGEMENT:
            give(contract, year_starts_on=year.start, number=f"EJ{year.start:%Y}-0417", by=self.by)
        day = max(year.start, contract.begins_on)
        draft = prepare_yearly(contract, self.seller, on=day, issued_on=on, by=self.by)
        return issue(draft, on=on, by=self.by)

    def _issue_all_but_one(self) -> Invoice:
        """The invoice of an intercommunality; then a commune joins it, and is counted."""
        contract = self.contracts[MORMAL]
        issued = self._issue(contract, self._ago(130))
        joined_on = months_after(self.today.replace(day=1), -2)
        covered = contract.memberships.values("commune")
        late = Town.objects.get(name=MORMAL).communes.exclude(code__in=covered).get()
        join(contract, late, on=joined_on, by=self.by)
        self._count(contract, joined_on)
        return issued

    def _send(self, invoice: Invoice, flow: str, *, after: tuple[str, ...]) -> None:
        day = min(invoice.issued_on + A_DAY, self.today)
        sent = deposit(invoice, flow_number=flow, on=day, by=self.by)
        for rank, code in enumerate(after):
            note_status(sent, code=code, said_on=min(day + rank * 8 * A_DAY, self.today), by=self.by)

    def _pay(self, invoice: Invoice, amount: Decimal, *, days: int) -> None:
        received = receive(
            invoice.contract.buyer,
            amount=amount,
            received_on=invoice.issued_on + days * A_DAY,
            bank_reference=f"MANDAT 812 BORD 45 {invoice.number}",
            by=self.by,
        )
        allocate(received, {invoice: amount}, by=self.by)

    def _quote(self) -> None:
        """To a town that has no site yet."""
        buyer = Buyer.objects.create(
            kind=BuyerKind.PUBLIC,
            name="CCAS de Verneuil-en-Halatte",
            siret="26600175900015",
            street="Place de Piegaro",
            postal_code="60550",
            city="Verneuil-en-Halatte",
        )
        begins_on = months_after(self.today.replace(day=1), 3)
        offered = prepare(
            Contract(buyer=buyer, begins_on=begins_on, **TERMS),
            seller=self.seller,
            price=PRICE,
            communes=Commune.objects.filter(code=NOT_OPEN),
            on=self.today,
            by=self.by,
        )
        send(offered, on=self.today, by=self.by)

    def _ago(self, days: int) -> datetime.date:
        return self.today - days * A_DAY


def _seller() -> Seller:
    """The operator, as the demonstration names it."""
    seller = Seller.objects.create(
        name="Palier",
        legal_form="SCIC SA à capital variable",
        siret="73282932000074",
        register="RCS Nantes 732 829 320",
        vat_number="FR44732829320",
        street="12 rue des Voisins",
        postal_code="44000",
        city="Nantes",
        email="facturation@palier.example",
        telephone="02 61 91 00 00",
        iban="FR7630006000011234567890189",
    )
    SellerRegime.objects.create(
        seller=seller, starts_on=datetime.date(2020, 1, 1), regime=VatRegime.TAXED, on_debits=False
    )
    return seller
