"""What tells, on each screen, that support is here."""

from django import template
from django.http import HttpRequest

from aid.support.access import access_by
from aid.support.models import SupportAccess

register = template.Library()


@register.inclusion_tag("aid/support/banner.html")
def support_banner(request: HttpRequest) -> dict[str, SupportAccess | HttpRequest | None]:
    """« Assistance de Palier, jusqu’à 15 h 30 »; nothing for anybody else."""
    return {"support": access_by(request.user), "request": request}
