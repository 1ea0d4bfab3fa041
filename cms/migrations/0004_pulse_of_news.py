"""News beat the town's pulse (tenants.pulse): published, they are seen by the next request."""

from django.db import migrations

from tenants.pulse import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_news"),
        ("tenants", "0002_pulse"),
    ]

    operations = [Watch("cms_newsindexpage", "cms_newspage")]
