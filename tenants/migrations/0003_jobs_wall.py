"""The wall of the job queue: a town may defer its own jobs, see them, and nothing else.

Applied again, as a new migration, when Procrastinate changes the function that defers (tenants.checks asks for it).
"""

from django.db import migrations

DEFER = "procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])"

# `role` is still the town's inside SECURITY DEFINER; current_user is not. The prefix of locks matters: they are unique
# over all towns, so without it a town could keep another's job from running.
WALL = """
CREATE FUNCTION tenants_jobs_wall() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  prefix text := current_database() || '__';
  town text := current_setting('role');
BEGIN
  IF NOT starts_with(town, prefix) THEN
    RAISE EXCEPTION 'job deferred as %', town USING ERRCODE = '42501';
  END IF;
  town := substr(town, length(prefix) + 1);
  IF town = 'public' THEN
    RETURN NEW;
  END IF;
  IF NEW.args->>'town' IS DISTINCT FROM town
     OR NOT coalesce(starts_with(NEW.lock, town || ':'), true)
     OR NOT coalesce(starts_with(NEW.queueing_lock, town || ':'), true)
  THEN
    RAISE EXCEPTION 'job of another town' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$
"""

MY_JOBS = """
CREATE VIEW tenants_my_jobs WITH (security_barrier) AS
SELECT id, task_name, status, scheduled_at, attempts, args
FROM procrastinate_jobs
WHERE args->>'town' = substr(current_setting('role'), length(current_database()) + 3)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0002_pulse"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION {DEFER} SECURITY DEFINER SET search_path = public, pg_temp",
            f"ALTER FUNCTION {DEFER} SECURITY INVOKER RESET search_path",
        ),
        migrations.RunSQL(WALL, "DROP FUNCTION tenants_jobs_wall()"),
        migrations.RunSQL(
            "CREATE TRIGGER tenants_jobs_wall BEFORE INSERT ON procrastinate_jobs "
            "FOR EACH ROW EXECUTE FUNCTION tenants_jobs_wall()",
            "DROP TRIGGER tenants_jobs_wall ON procrastinate_jobs",
        ),
        migrations.RunSQL(MY_JOBS, "DROP VIEW tenants_my_jobs"),
    ]
