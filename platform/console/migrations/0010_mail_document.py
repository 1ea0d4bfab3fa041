"""An e-mail may carry a document of the books, as it is stored."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_walls_of_documents"), ("console", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.documentfile",
                verbose_name="pièce jointe",
            ),
        ),
    ]
