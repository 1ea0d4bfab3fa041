-- The two logins of Palier on a server of PostgreSQL 15 to 18. Run once per server, as a superuser; running it
-- again changes the passwords and nothing else. The embedded server runs this same file.
--
--   psql -X -f logins.sql                       with both passwords in the environment, as named below, or
--   psql -X -v admin_password=… -v web_password=… -f logins.sql
--
-- palier_admin opens, migrates and closes towns. It owns the databases and makes the roles of towns; it is not
-- a superuser and nothing of it is inherited.
-- palier_web serves pages and jobs. It can do nothing before it takes the role of a town.

\set ON_ERROR_STOP on
\if :{?admin_password}
\else
  \getenv admin_password PALIER_ADMIN_PASSWORD
\endif
\if :{?web_password}
\else
  \getenv web_password PALIER_WEB_PASSWORD
\endif

-- Passwords stay out of the server's log.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
SET password_encryption = 'scram-sha-256';

BEGIN;

SELECT 'CREATE ROLE palier_admin'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'palier_admin') \gexec
ALTER ROLE palier_admin
  LOGIN CREATEROLE CREATEDB NOINHERIT NOSUPERUSER NOREPLICATION NOBYPASSRLS PASSWORD :'admin_password';

SELECT 'CREATE ROLE palier_web'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'palier_web') \gexec
ALTER ROLE palier_web
  LOGIN NOCREATEROLE NOCREATEDB NOINHERIT NOSUPERUSER NOREPLICATION NOBYPASSRLS PASSWORD :'web_password';
ALTER ROLE palier_web SET search_path = pg_catalog;

COMMIT;
