-- The database of Palier, on a server where logins.sql ran. Run once, as a superuser or as palier_admin; running it
-- again changes nothing.
--
--   psql -X -d postgres -f database.sql         or, for another name,  -v database=…

\set ON_ERROR_STOP on
\if :{?database}
\else
  \set database palier
\endif

-- C.UTF-8 whatever the server's locale is, so that every server sorts alike; built in since PostgreSQL 17.
SELECT current_setting('server_version_num')::int >= 170000 AS has_builtin_locale \gset
\if :has_builtin_locale
  \set locale 'LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'''
\else
  \set locale 'LOCALE_PROVIDER libc LC_COLLATE ''C.UTF-8'' LC_CTYPE ''C.UTF-8'''
\endif

SELECT format('CREATE DATABASE %I OWNER palier_admin TEMPLATE template0 ENCODING ''UTF8'' %s', :'database', :'locale')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
