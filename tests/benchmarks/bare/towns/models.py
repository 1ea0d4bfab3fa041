"""Tenants as django-tenants' documentation has them: saving one migrates its schema."""

from django_tenants.models import DomainMixin, TenantMixin


class Town(TenantMixin):
    """A tenant."""


class Domain(DomainMixin):
    """Its host name."""
