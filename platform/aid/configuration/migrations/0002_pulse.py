"""What visitors see of this room beats the town's pulse (tenants.pulse)."""

from django.db import migrations

from tenants.pulse import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("configuration", "0001_initial"),
        ("tenants", "0002_pulse"),
    ]

    operations = [Watch("configuration_identity")]
