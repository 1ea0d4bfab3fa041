"""The kinds of help are shown to visitors: their changes beat the town's pulse (tenants.pulse)."""

from django.db import migrations

from tenants.pulse import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("configuration", "0003_kindofhelp_rules"),
        ("tenants", "0002_pulse"),
    ]

    operations = [Watch("configuration_kindofhelp")]
