"""What the town declares of its accessibility, in every footer, beats its pulse (tenants.pulse)."""

from django.db import migrations

from tenants.pulse import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("configuration", "0005_appearance_accessibility"),
        ("tenants", "0002_pulse"),
    ]

    operations = [Watch("configuration_accessibilitystatement")]
