from django.db import migrations, models

ACTS = [
    ("opened", "ville ouverte"),
    ("suspension_asked", "suspension demandée"),
    ("suspension_dropped", "suspension abandonnée"),
    ("suspended", "ville suspendue"),
    ("resumed", "ville rouverte"),
    ("domain_added", "adresse ajoutée"),
    ("domain_primary", "adresse principale changée"),
    ("domain_removed", "adresse retirée"),
]


class Migration(migrations.Migration):
    """An opening that is asked has no town yet, so that no act ever said so."""

    dependencies = [("console", "0012_end_proposals")]

    operations = [
        migrations.AlterField("consoleact", "kind", models.CharField(choices=ACTS, max_length=20, verbose_name="acte")),
        migrations.RemoveConstraint("consoleact", "console_act_says_what_and_who"),
        migrations.AddConstraint(
            "consoleact",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [value for value, _ in ACTS]), models.Q(("by", ""), _negated=True)),
                name="console_act_says_what_and_who",
                violation_error_message="Un acte dit ce qui est fait, et par qui.",
            ),
        ),
    ]
