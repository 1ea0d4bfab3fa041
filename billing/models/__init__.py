"""What is stored, all of it in the public schema: a file per aggregate."""

from billing.models.contracts import Contract, ContractStep, Engagement, Membership, PricePeriod
from billing.models.counts import CountLine, CountReview, CountSnapshot
from billing.models.documents import Draft, Invoice, InvoiceLine, LineEvidence, Series
from billing.models.parties import Buyer, FinanceContact
from billing.models.sellers import Seller, SellerRegime
from billing.models.town_acts import TownAct

__all__ = [
    "Buyer",
    "Contract",
    "ContractStep",
    "CountLine",
    "CountReview",
    "CountSnapshot",
    "Draft",
    "Engagement",
    "FinanceContact",
    "Invoice",
    "InvoiceLine",
    "LineEvidence",
    "Membership",
    "PricePeriod",
    "Seller",
    "SellerRegime",
    "Series",
    "TownAct",
]
