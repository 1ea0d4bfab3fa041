"""The migrations of `aid.facts`, and one more that only the measures apply (MIGRATION_MODULES)."""

from aid.facts import migrations

__path__ = [*migrations.__path__, *__path__]
