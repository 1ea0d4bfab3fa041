"""What is stored, all of it in the public schema: a file per aggregate."""

from billing.models.contracts import Contract, ContractStep, Engagement, Membership, PricePeriod
from billing.models.counts import CountLine, CountReview, CountSnapshot
from billing.models.documents import Draft, Invoice, InvoiceLine, LineEvidence, Series
from billing.models.files import DocumentFile
from billing.models.parties import Buyer, FinanceContact
from billing.models.party_steps import PartyStep
from billing.models.payments import Allocation, CentralRate, Payment
from billing.models.quotes import Quote, QuoteAcceptance, QuoteStep
from billing.models.runs import Run, RunItem
from billing.models.sellers import Seller, SellerRegime
from billing.models.sending import Reminder, Transmission, TransmissionStatus
from billing.models.town_acts import TownAct

__all__ = [
    "Allocation",
    "Buyer",
    "CentralRate",
    "Contract",
    "ContractStep",
    "CountLine",
    "CountReview",
    "CountSnapshot",
    "DocumentFile",
    "Draft",
    "Engagement",
    "FinanceContact",
    "Invoice",
    "InvoiceLine",
    "LineEvidence",
    "Membership",
    "PartyStep",
    "Payment",
    "PricePeriod",
    "Quote",
    "QuoteAcceptance",
    "QuoteStep",
    "Reminder",
    "Run",
    "RunItem",
    "Seller",
    "SellerRegime",
    "Series",
    "TownAct",
    "Transmission",
    "TransmissionStatus",
]
