"""Who coordinates which sector; and the role that they have, in towns that were open before it was there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COORDINATORS = "Coordinateurs"


def add_role(apps, schema_editor):
    """A town that opens later has it from its blueprint (accounts.blueprint), which finds this one."""
    apps.get_model("auth", "Group").objects.get_or_create(name=COORDINATORS)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("territory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SectorCoordinator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bound_at", models.DateTimeField(auto_now_add=True, verbose_name="depuis le")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="coordinateur",
                    ),
                ),
                (
                    "bound_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="territory.sector",
                        verbose_name="secteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "coordinateur d’un secteur",
                "verbose_name_plural": "coordinateurs des secteurs",
            },
        ),
        migrations.AddField(
            model_name="sector",
            name="coordinators",
            field=models.ManyToManyField(
                related_name="sectors",
                through="territory.SectorCoordinator",
                through_fields=("sector", "account"),
                to=settings.AUTH_USER_MODEL,
                verbose_name="coordinateurs",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorcoordinator",
            constraint=models.UniqueConstraint(
                fields=("sector", "account"),
                name="territory_sector_coordinator_once",
                violation_error_message="Cette personne s’occupe déjà de ce secteur.",
            ),
        ),
        migrations.RunPython(add_role, migrations.RunPython.noop, elidable=False),
    ]
