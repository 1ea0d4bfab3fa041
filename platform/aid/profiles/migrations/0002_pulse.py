"""The foot of each page says whether there are neighbours to meet."""

from django.db import migrations

from tenants.pulse import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0001_initial"),
        ("tenants", "0002_pulse"),
    ]

    operations = [Watch("profiles_profile")]
