"""The pulse: see tenants.pulse. Its function is the public schema's; each room watches its own tables."""

from django.db import migrations

from tenants.pulse import BEAT_PULSE, Watch


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL(BEAT_PULSE, "DROP FUNCTION public.tenants_beat_pulse()"),
        migrations.RunSQL(
            "INSERT INTO tenants_pulse (schema_name, version) VALUES ('public', gen_random_uuid())",
            "DELETE FROM tenants_pulse WHERE schema_name = 'public'",
        ),
        Watch("tenants_town", "tenants_domain"),
    ]
