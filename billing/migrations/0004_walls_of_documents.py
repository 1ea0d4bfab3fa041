"""Walls of what 0003 stores; quotes that are sent stay as they are; and no invoice is paid twice.

The platform's own role changes nothing of rows that are only added, so they are never locked: who allocates locks the
buyer (billing.paying). These triggers refuse what a service would get wrong.
"""

from django.db import migrations

from billing.migrations._walls import MINE, only_added, wall

OF_MY_INVOICE = "EXISTS (SELECT FROM billing_invoice mine WHERE mine.id = invoice_id)"
OF_MY_QUOTE = "EXISTS (SELECT FROM billing_quote mine WHERE mine.id = quote_id)"
NOBODY_S = "false"
SEEN = {
    # What is in preparation is the operator's.
    "billing_quote": (
        f"state <> 'prepared' AND ({MINE} OR EXISTS (SELECT FROM billing_contract mine WHERE mine.id = contract_id))"
    ),
    "billing_quotestep": OF_MY_QUOTE,
    "billing_quoteacceptance": OF_MY_QUOTE,
    "billing_documentfile": f"{OF_MY_INVOICE} OR {OF_MY_QUOTE}",
    "billing_transmission": OF_MY_INVOICE,
    "billing_transmissionstatus": "EXISTS (SELECT FROM billing_transmission mine WHERE mine.id = transmission_id)",
    "billing_allocation": OF_MY_INVOICE,
    "billing_payment": NOBODY_S,
    "billing_reminder": NOBODY_S,
    "billing_centralrate": NOBODY_S,
    "billing_run": NOBODY_S,
    "billing_runitem": NOBODY_S,
}
ONLY_ADDED = (
    "billing_quotestep",
    "billing_quoteacceptance",
    "billing_documentfile",
    "billing_transmission",
    "billing_transmissionstatus",
    "billing_reminder",
    "billing_payment",
    "billing_allocation",
    "billing_centralrate",
    "billing_runitem",
)
FREEZE_QUOTES = """
CREATE FUNCTION billing_freeze_quote() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.state = 'prepared' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  -- Erasing a town leaves its books (SET NULL).
  IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'town_id') = (to_jsonb(OLD) - 'town_id') THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'sent' OR NEW.state NOT IN ('accepted', 'refused')
    OR (to_jsonb(NEW) - ARRAY['state', 'contract_id', 'town_id'])
      <> (to_jsonb(OLD) - ARRAY['state', 'contract_id', 'town_id'])
  THEN
    RAISE EXCEPTION 'a quote that was sent is not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_quote FOR EACH ROW EXECUTE FUNCTION billing_freeze_quote()
"""
UNFREEZE_QUOTES = "DROP TRIGGER frozen ON billing_quote; DROP FUNCTION billing_freeze_quote()"
CHECK_ALLOCATIONS = """
CREATE FUNCTION billing_check_allocation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  paid public.billing_payment;
  given numeric;
  received numeric;
BEGIN
  SELECT * INTO STRICT paid FROM public.billing_payment WHERE id = NEW.payment_id;
  SELECT sum(amount) INTO given FROM public.billing_allocation WHERE payment_id = NEW.payment_id;
  SELECT sum(amount) INTO received FROM public.billing_allocation WHERE invoice_id = NEW.invoice_id;
  IF sign(NEW.amount) <> sign(paid.amount) OR abs(given) > abs(paid.amount) THEN
    RAISE EXCEPTION 'more is allocated than was paid' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.paid_on <> paid.received_on THEN
    RAISE EXCEPTION 'an allocation has the day of its payment' USING ERRCODE = 'check_violation';
  END IF;
  IF received < 0 OR received > (SELECT payable FROM public.billing_invoice WHERE id = NEW.invoice_id) THEN
    RAISE EXCEPTION 'an invoice is paid once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER adds_up AFTER INSERT ON billing_allocation FOR EACH ROW EXECUTE FUNCTION billing_check_allocation()
"""
UNCHECK_ALLOCATIONS = "DROP TRIGGER adds_up ON billing_allocation; DROP FUNCTION billing_check_allocation()"
CHECK_UNDONE = """
CREATE FUNCTION billing_check_undone() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.undoes_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.billing_payment undone WHERE undone.id = NEW.undoes_id AND undone.undoes_id IS NULL
      AND undone.buyer_id = NEW.buyer_id AND undone.amount = -NEW.amount
      AND undone.received_on = NEW.received_on
  ) THEN
    RAISE EXCEPTION 'a payment is undone by its contrary' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER undoes AFTER INSERT ON billing_payment FOR EACH ROW EXECUTE FUNCTION billing_check_undone()
"""
UNCHECK_UNDONE = "DROP TRIGGER undoes ON billing_payment; DROP FUNCTION billing_check_undone()"


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_documents_and_money")]

    operations = [
        *(wall(table, seen) for table, seen in SEEN.items()),
        *map(only_added, ONLY_ADDED),
        migrations.RunSQL(FREEZE_QUOTES, UNFREEZE_QUOTES),
        migrations.RunSQL(CHECK_ALLOCATIONS, UNCHECK_ALLOCATIONS),
        migrations.RunSQL(CHECK_UNDONE, UNCHECK_UNDONE),
    ]
