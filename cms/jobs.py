"""What pages ask of the worker: to appear and to go at the hour that was set."""

from datetime import datetime

from django.core.management import call_command
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from tenants.jobs import town_job


@town_job(name="cms.publish_scheduled")
def publish_scheduled() -> None:
    """Publish and unpublish the pages of this town whose hour has come."""
    call_command("publish_scheduled")


@receiver(post_save, sender=Revision)
def ask_for_publication(instance: Revision, **kwargs: object) -> None:
    """A version was scheduled: ask the worker for that hour, rather than ask every town every minute."""
    if instance.approved_go_live_at:
        _run_at(instance.approved_go_live_at)


@receiver(page_published)
def ask_for_end(instance: Page, **kwargs: object) -> None:
    """A page that ends at some hour was published: ask the worker for that hour."""
    if instance.expire_at:
        _run_at(instance.expire_at)


def _run_at(hour: datetime) -> None:
    """Once for a second, however often and for however many pages it is asked."""
    publish_scheduled.defer(schedule_at=hour, queueing_lock=f"cms.publish_scheduled:{hour.timestamp():.0f}")
