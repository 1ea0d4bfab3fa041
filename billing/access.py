"""The one door from a town to its rows of the operator's books."""

from contextlib import AbstractContextManager

from tenants.windows import Window, looking_through

# What a town reads: row-level security leaves it its own rows (migrations). It adds acts, changes nothing.
BILLING = Window(
    role_name="billing",
    reads=(
        "billing_buyer",
        "billing_financecontact",
        "billing_contract",
        "billing_contractstep",
        "billing_membership",
        "billing_priceperiod",
        "billing_engagement",
        "billing_countsnapshot",
        "billing_countline",
        "billing_countreview",
        "billing_townact",
        "billing_invoice",
        "billing_invoiceline",
        "billing_lineevidence",
        "billing_quote",
        "billing_quotestep",
        "billing_quoteacceptance",
        "billing_documentfile",
        "billing_transmission",
        "billing_transmissionstatus",
        "billing_allocation",
    ),
    adds=("billing_townact",),
)


def for_current_town() -> AbstractContextManager[None]:
    """Run a block on the books of the town where we are, in its transaction. Evaluate querysets inside.

    Raises tenants.windows.NoTownError out of a town.
    """
    return looking_through(BILLING)
