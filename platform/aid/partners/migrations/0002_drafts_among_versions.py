from django.db import migrations, models

# A draft is a row without a number; it is the last one, so it stays the draft.
KEEP_DRAFT = """
INSERT INTO partners_gridversion (questions, medium_from, high_from, published_at)
SELECT questions, medium_from, high_from, changed_at FROM partners_griddraft
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="gridversion",
            name="number",
            field=models.PositiveIntegerField(null=True, unique=True, verbose_name="version"),
        ),
        migrations.RunSQL(KEEP_DRAFT, migrations.RunSQL.noop),
        migrations.DeleteModel(name="GridDraft"),
    ]
