"""One column more, after whatever `aid.facts` has."""

from pathlib import Path

from django.db import migrations, models

from aid.facts import migrations as facts


class Migration(migrations.Migration):
    dependencies = [("facts", max(path.stem for path in Path(facts.__file__).parent.glob("[0-9]*.py")))]

    operations = [migrations.AddField("fact", "measured", models.IntegerField(default=0))]
