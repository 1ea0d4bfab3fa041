"""Make the bare project's one town, on an empty database, and say how many seconds its `save()` took."""

import sys
import time

import django

HOST = "bare.localhost"


def main() -> None:
    """Migrate the shared schema, open the town, give it a home page."""
    django.setup()
    from django.core.management import call_command
    from django_tenants.utils import tenant_context
    from wagtail.models import Page, Site

    from bare.home.models import HomePage
    from bare.towns.models import Domain, Town

    call_command("migrate_schemas", shared=True, verbosity=0)
    town = Town(schema_name="bare_town")
    started = time.perf_counter()
    town.save(verbosity=0)
    sys.stdout.write(f"{time.perf_counter() - started}\n")
    Domain.objects.create(tenant=town, domain=HOST, is_primary=True)
    with tenant_context(town):
        Site.objects.all().delete()
        Page.objects.filter(depth__gt=1).delete()
        body = "<p>Bien chez soi, bien dans sa ville.</p>" * 3
        home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Une ville", slug="home", body=body))
        Site.objects.create(hostname=HOST, root_page=home, is_default_site=True)


if __name__ == "__main__":
    main()
