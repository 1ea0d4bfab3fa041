"""Who changed the particulars of a buyer or a seller is the operator's to read, and nobody's to change."""

from django.db import migrations

from billing.migrations._walls import only_added, wall


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_party_steps")]

    operations = [wall("billing_partystep", "false"), only_added("billing_partystep")]
