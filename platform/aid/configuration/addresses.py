"""Whole addresses of the town's pages, for what is read elsewhere: SMS, e-mails, paper."""

from wagtail.models import Site

from tenants.addresses import url_at


def address_of(path: str) -> str:
    """The whole address of a path of the town that the connection is in; it serves jobs as well as requests."""
    domain = Site.objects.values_list("hostname", flat=True).get(is_default_site=True)
    return url_at(domain, path)
