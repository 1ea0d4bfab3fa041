import django.contrib.postgres.fields
from django.db import migrations, models

# A few numbers, that are only read with their partner: they needed no table.
KEEP_COMMUNES = """
UPDATE partners_partner SET commune_ids = told.ids
FROM (
    SELECT partner_id, array_agg(coveredcommune_id ORDER BY coveredcommune_id) AS ids
    FROM partners_partner_communes GROUP BY partner_id
) AS told
WHERE told.partner_id = partners_partner.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_drafts_among_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="partner",
            name="commune_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name="communes"
            ),
        ),
        migrations.RunSQL(KEEP_COMMUNES, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="partner",
            name="communes",
        ),
    ]
