"""Which town answers on a host, in one statement that the bare login may run: see tenants.registry."""

from django.db import migrations

# It answers about one host at a time, so the bare login can list neither towns nor domains. One statement is one
# snapshot: the versions are those of the very rows that it answers.
FIND_HOST = """
CREATE FUNCTION public.tenants_find_host(host text)
RETURNS TABLE (
  public_version text, town_version text,
  id bigint, schema_name text, name text, kind text, state text, time_zone text, domain text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT
    platform.version::text, coalesce(own.version::text, ''),
    town.id, town.schema_name, town.name, town.kind, town.state, town.time_zone, known.domain
  FROM public.tenants_pulse platform
  LEFT JOIN public.tenants_domain known ON known.domain = host
  LEFT JOIN public.tenants_town town ON town.id = known.tenant_id
  LEFT JOIN public.tenants_pulse own ON own.schema_name = town.schema_name
  WHERE platform.schema_name = 'public'
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_jobs_wall")]

    operations = [migrations.RunSQL(FIND_HOST, "DROP FUNCTION public.tenants_find_host(text)")]
