"""Each town sees its own rows, through its window (billing.access); what is only added is changed by nobody.

No role is named: they belong to the server, and a copy of the database has its own. The platform's sees every row; for
another, a child asks its parent, whose own policy answers. The owner, which migrates, is not concerned by policies; by
triggers, it is.
"""

from django.db import migrations

from billing.migrations._walls import MINE, only_added, wall

OF_MY_CONTRACT = "EXISTS (SELECT FROM billing_contract mine WHERE mine.id = contract_id)"
OF_MY_COUNT = "EXISTS (SELECT FROM billing_countsnapshot mine WHERE mine.id = snapshot_id)"
NOBODY_S = "false"
SEEN = {
    "billing_contract": MINE,
    "billing_buyer": "EXISTS (SELECT FROM billing_contract mine WHERE mine.buyer_id = billing_buyer.id)",
    "billing_financecontact": (
        "EXISTS (SELECT FROM billing_contract mine WHERE mine.buyer_id = billing_financecontact.buyer_id)"
    ),
    "billing_contractstep": OF_MY_CONTRACT,
    "billing_membership": OF_MY_CONTRACT,
    "billing_priceperiod": OF_MY_CONTRACT,
    "billing_engagement": OF_MY_CONTRACT,
    "billing_countsnapshot": OF_MY_CONTRACT,
    "billing_countline": OF_MY_COUNT,
    "billing_countreview": OF_MY_COUNT,
    # Added by a town: foreign keys alone would take another's count.
    "billing_townact": (
        f"{OF_MY_CONTRACT} AND (snapshot_id IS NULL OR EXISTS (SELECT FROM billing_countsnapshot counted "
        "WHERE counted.id = snapshot_id AND counted.contract_id = billing_townact.contract_id))"
    ),
    "billing_invoice": OF_MY_CONTRACT,
    "billing_invoiceline": "EXISTS (SELECT FROM billing_invoice mine WHERE mine.id = invoice_id)",
    "billing_lineevidence": "EXISTS (SELECT FROM billing_invoiceline mine WHERE mine.id = line_id)",
    "billing_draft": NOBODY_S,
    "billing_seller": NOBODY_S,
    "billing_sellerregime": NOBODY_S,
    "billing_series": NOBODY_S,
}
ONLY_ADDED = (
    "billing_contractstep",
    "billing_engagement",
    "billing_countsnapshot",
    "billing_countline",
    "billing_countreview",
    "billing_townact",
    "billing_sellerregime",
    "billing_invoice",
    "billing_invoiceline",
    "billing_lineevidence",
)
REFUSE = """
CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        *(wall(table, seen) for table, seen in SEEN.items()),
        migrations.RunSQL(REFUSE, "DROP FUNCTION billing_refuse_change()"),
        *map(only_added, ONLY_ADDED),
    ]
